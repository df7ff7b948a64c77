import { textDigest } from '@plan-lint/runtime/digest';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { RequiredBase } from '../ir/configuration.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { RequiredFile } from '../ir/resolved.ts';
import type { SourceFile } from '../ir/source.ts';
import type { Hierarchy } from './extends.ts';

/**
 * Holds every entry against the files that all of them must stand on; reports each that does not. Gives those files, by
 * path.
 */
export function checkRequiredBase(
  required: readonly RequiredBase[],
  documents: readonly PolicyDocument[],
  entries: readonly PolicyDocument[],
  hierarchy: Hierarchy,
  diagnostics: Diagnostics,
): readonly RequiredFile[] {
  const pins = new Map<SourceFile, boolean>();
  for (const { file: wanted, sha256, span } of required) {
    const base = documents.find(({ file }) => file.path === wanted);
    if (!base) {
      const paths = documents.map(({ file }) => file.path);
      diagnostics.report('PL2015', { path: wanted, near: nearest(wanted, paths) }, span);
      continue;
    }
    pins.set(base.file, pins.get(base.file) === true || sha256 !== null);
    if (sha256 !== null) {
      // The text is the file's UTF-8 as it is, so these are the file's own bytes.
      const found = textDigest(base.file.text);
      if (found !== sha256) diagnostics.report('PL2013', { path: wanted, found, pinned: sha256 }, span);
    }
    for (const entry of entries) {
      if (hierarchy.chainOf(entry).includes(base)) continue;
      const related = span ? [{ message: 'it is required here', span }] : [];
      const at = entry.extends[0]?.span ?? { file: entry.file, start: 0, end: 0 };
      diagnostics.report('PL2016', { entry: entry.name, base: wanted }, at, related);
    }
  }
  const bases = [...pins].map(([file, isPinned]) => ({ file, isPinned }));
  return bases.sort(({ file: a }, { file: b }) => (a.path < b.path ? -1 : 1));
}
