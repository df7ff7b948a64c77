import { nearest } from '../diagnostics/near.js';
/** Which files one decides with: those asked for, or those `plan-lint.yaml` lists, or those nobody extends. */
export function chooseEntries(documents, hierarchy, asked, configuration, diagnostics) {
  const listed =
    asked.length > 0 ? asked.map((name) => ({ value: name, span: null })) : configuration.entries;
  const chosen = listed
    ? listed.map(({ value, span }) => findEntry(documents, value, span, diagnostics))
    : leaves(documents, hierarchy);
  const entries = [...new Set(chosen.filter((document) => document !== null))];
  for (const name of new Set(entries.map((document) => document.name))) {
    const named = entries.filter((document) => document.name === name);
    if (named.length > 1)
      diagnostics.report('PL2105', { name, files: named.map((document) => document.file.path) }, null);
  }
  return entries;
}
function leaves(documents, hierarchy) {
  const extended = new Set(documents.flatMap((document) => hierarchy.parentsOf(document)));
  return documents.filter((document) => !extended.has(document));
}
/** Finds a file by one of its names or by its path. */
export function findEntry(documents, name, span, diagnostics) {
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
