import { nearest } from '../diagnostics/near.js';
import { findCycle, linearise } from './linearise.js';
const MAX_CHAIN = 64;
/** Resolves every `extends` to a document; `null` after it has reported what cannot be resolved. */
export function buildHierarchy(documents, diagnostics) {
  const byPath = new Map(documents.map((document) => [document.file.path, document]));
  const parents = new Map();
  for (const document of documents) {
    const found = document.extends.map((target) =>
      findParent(document, target, documents, byPath, diagnostics),
    );
    parents.set(document, [...new Set(found.filter((parent) => parent !== null))]);
  }
  if (diagnostics.hasErrors()) return null;
  const parentsOf = (document) => parents.get(document) ?? [];
  const cycle = findCycle(documents, parentsOf);
  if (cycle) {
    const [first, second] = cycle;
    const at = first?.extends.find((target) => second && matches(first, target.value, second));
    diagnostics.report('PL2002', { cycle: cycle.map((document) => document.file.path) }, at?.span ?? null);
    return null;
  }
  const memo = new Map();
  for (const document of documents) {
    const chain = linearise(document, parentsOf, memo);
    const span = document.extends[0]?.span ?? null;
    if (!chain) diagnostics.report('PL2005', { file: document.file.path }, span);
    else if (chain.length > MAX_CHAIN)
      diagnostics.report('PL2006', { depth: chain.length, limit: MAX_CHAIN }, span);
  }
  return documents.every((document) => memo.get(document))
    ? { parentsOf, chainOf: (document) => memo.get(document) ?? [document] }
    : null;
}
function matches(from, written, target) {
  return relativePath(from.file.path, written) === target.file.path || target.aliases.includes(written);
}
function findParent(from, target, documents, byPath, diagnostics) {
  const path = relativePath(from.file.path, target.value);
  if (path === null) {
    diagnostics.report('PL2004', { path: target.value }, target.span);
    return null;
  }
  const exact = byPath.get(path);
  if (exact) return exact;
  const named = documents.filter((document) => document.aliases.includes(target.value));
  const [only] = named;
  if (only && named.length === 1) return only;
  if (only) {
    diagnostics.report(
      'PL2003',
      { name: target.value, files: named.map((document) => document.file.path) },
      target.span,
    );
    return null;
  }
  const known = documents.flatMap((document) => [...document.aliases, document.file.path]);
  diagnostics.report('PL2001', { name: target.value, near: nearest(target.value, known) }, target.span);
  return null;
}
/** A path written in a file as a path inside the policy directory; `null` where it leads out of it. */
export function relativePath(from, written) {
  if (/^([a-zA-Z]:|[\\/])/.test(written)) return null;
  const parts = from.split('/').slice(0, -1);
  for (const part of written.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
