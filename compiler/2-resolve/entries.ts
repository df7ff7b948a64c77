import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { Configuration } from '../ir/configuration.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { Span } from '../ir/source.ts';
import type { Hierarchy } from './extends.ts';

/** Which files one decides with: those asked for, or those `plan-lint.yaml` lists, or those nobody extends. */
export function chooseEntries(
  documents: readonly PolicyDocument[],
  hierarchy: Hierarchy,
  asked: readonly string[],
  configuration: Configuration,
  diagnostics: Diagnostics,
): readonly PolicyDocument[] {
  const listed =
    asked.length > 0 ? asked.map((name) => ({ value: name, span: null })) : configuration.entries;
  const chosen = listed
    ? listed.map(({ value, span }) => findEntry(documents, value, span, diagnostics))
    : leaves(documents, hierarchy);
  const entries = [...new Set(chosen.filter((document) => document !== null))];
  const byName = new Map<string, string[]>();
  for (const { name, file } of entries) byName.set(name, [...(byName.get(name) ?? []), file.path]);
  for (const [name, files] of byName) {
    if (files.length > 1) diagnostics.report('PL2105', { name, files }, null);
  }
  return entries;
}

function leaves(documents: readonly PolicyDocument[], hierarchy: Hierarchy): readonly PolicyDocument[] {
  const extended = new Set(documents.flatMap((document) => hierarchy.parentsOf(document)));
  return documents.filter((document) => !extended.has(document));
}

/** Finds a file by one of its names or by its path. */
export function findEntry(
  documents: readonly PolicyDocument[],
  name: string,
  span: Span | null,
  diagnostics: Diagnostics,
): PolicyDocument | null {
  const found = documents.filter(
    (document) => document.file.path === name || document.aliases.includes(name),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) diagnostics.report('PL2003', { name, files: found.map((document) => document.file.path) }, span);
  else {
    const known = documents.map((document) => document.name);
    diagnostics.report('PL2106', { name, near: nearest(name, known), known }, span);
  }
  return null;
}
