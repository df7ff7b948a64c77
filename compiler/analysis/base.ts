/** Entries that stand on nothing that others stand on. */
import type { Analysis } from './analysis.ts';

/** Said only where nobody has said which file it must be: with `require_base` it is an error already. */
export const base: Analysis = {
  name: 'base',
  run: ({ documents, policies: { entries, hierarchy, requiredBase } }, diagnostics) => {
    if (requiredBase.length > 0) return;
    const extended = new Set(hierarchy.flatMap(({ parents }) => parents));
    const [shared] = extended;
    for (const { name, file, chain } of entries) {
      const document = documents.find((one) => one.file === file);
      const empty = document?.extendsNothing ?? null;
      if (empty) diagnostics.report('PL4143', { name }, empty);
      // A file that others extend is what they stand on.
      else if (shared !== undefined && !chain.some((path) => extended.has(path))) {
        diagnostics.report('PL4142', { name, base: shared }, { file, start: 0, end: 0 });
      }
    }
  },
};
