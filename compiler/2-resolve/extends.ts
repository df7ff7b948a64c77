import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { ParentReference, PolicyDocument } from '../ir/document.ts';
import { relativePath } from '../ir/source.ts';
import { findCycle, linearise } from './linearise.ts';

const MAX_CHAIN = 64;

/** The inheritance graph of a policy directory. */
export interface Hierarchy {
  readonly parentsOf: (document: PolicyDocument) => readonly PolicyDocument[];
  /** The document itself, then what it inherits from, every file before its own parents. */
  readonly chainOf: (document: PolicyDocument) => readonly PolicyDocument[];
}

/** Resolves every `extends` to a document; `null` after it has reported what cannot be resolved. */
export function buildHierarchy(
  documents: readonly PolicyDocument[],
  diagnostics: Diagnostics,
): Hierarchy | null {
  const byPath = new Map(documents.map((document) => [document.file.path, document]));
  const parents = new Map<PolicyDocument, readonly PolicyDocument[]>();
  for (const document of documents) {
    const found = document.extends.map((target) =>
      findParent(document, target, documents, byPath, diagnostics),
    );
    parents.set(document, [...new Set(found.filter((parent) => parent !== null))]);
  }
  if (diagnostics.hasErrors()) return null;
  const parentsOf = (document: PolicyDocument): readonly PolicyDocument[] => parents.get(document) ?? [];
  const cycle = findCycle(documents, parentsOf);
  if (cycle) {
    const [first, second] = cycle;
    const at = first?.extends.find((target) => second && matches(first, target.value, second));
    diagnostics.report('PL2002', { cycle: cycle.map((document) => document.file.path) }, at?.span ?? null);
    return null;
  }
  const memo = new Map<PolicyDocument, readonly PolicyDocument[]>();
  for (const document of documents) {
    const chain = linearise(document, parentsOf, memo);
    const span = document.extends[0]?.span ?? null;
    if (chain.length > MAX_CHAIN)
      diagnostics.report('PL2006', { depth: chain.length, limit: MAX_CHAIN }, span);
  }
  return { parentsOf, chainOf: (document) => memo.get(document) ?? [document] };
}

function matches(from: PolicyDocument, written: string, target: PolicyDocument): boolean {
  return relativePath(from.file.path, written) === target.file.path || target.aliases.includes(written);
}

function findParent(
  from: PolicyDocument,
  target: ParentReference,
  documents: readonly PolicyDocument[],
  byPath: ReadonlyMap<string, PolicyDocument>,
  diagnostics: Diagnostics,
): PolicyDocument | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target.value)) {
    diagnostics.report('PL2011', { url: target.value }, target.span);
    return null;
  }
  const path = relativePath(from.file.path, target.value);
  if (path === null) {
    diagnostics.report('PL2004', { path: target.value }, target.span);
    return null;
  }
  const exact = byPath.get(path);
  if (exact) return exact;
  if (target.sha256 !== null) {
    // A digest is of a file, so a name will not do.
    const near = nearest(target.value, byPath.keys());
    diagnostics.report('PL2001', { name: target.value, near }, target.span);
    return null;
  }
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
