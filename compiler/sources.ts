import { textDigest } from '@plan-lint/runtime/digest';
import { parsePolicy } from './1-parse/index.ts';
import type { Diagnostics } from './diagnostics/diagnostic.ts';
import type { ParentReference, PolicyDocument } from './ir/document.ts';
import { relativePath } from './ir/source.ts';
import type { SourceFile } from './ir/source.ts';

/**
 * Parses policy files; one whose digest another file pins (`vendor/base.yaml#sha256=…`) is read only after its digest
 * has been found right. `parse` is the parser, or one with a memory.
 */
export function parseSources(
  files: readonly SourceFile[],
  diagnostics: Diagnostics,
  parse: typeof parsePolicy = parsePolicy,
): readonly PolicyDocument[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const wrong = new Set<SourceFile>();
  const documents = new Map<SourceFile, PolicyDocument>();
  for (const file of inOrderOfPins(files)) {
    if (wrong.has(file)) continue;
    const document = parse(file, diagnostics);
    if (!document) continue;
    documents.set(file, document);
    for (const parent of document.extends) {
      const pinned = byPath.get(relativePath(file.path, parent.value) ?? '');
      if (pinned && !isAsPinned(pinned, parent, diagnostics)) wrong.add(pinned);
    }
  }
  return files.flatMap((file) => documents.get(file) ?? []);
}

function isAsPinned(file: SourceFile, { sha256, span }: ParentReference, diagnostics: Diagnostics): boolean {
  if (sha256 === null) return true;
  // The text is the file's UTF-8 as it is, a byte order mark too, so these are the file's own bytes.
  const found = textDigest(file.text);
  if (found !== sha256) diagnostics.report('PL2013', { path: file.path, found, pinned: sha256 }, span);
  return found === sha256;
}

const PIN = /([^\s"'[\],{}]+)#sha256=/g;

/**
 * Files that some text seems to pin come after the files that seem to pin them. A text that only looks like a pin
 * changes the order and nothing else; a pin that does not look like one is checked all the same, after its file.
 */
function inOrderOfPins(files: readonly SourceFile[]): readonly SourceFile[] {
  const pinnedBy = new Map<string, Set<SourceFile>>();
  for (const file of files) {
    if (!file.text.includes('#sha256=')) continue;
    for (const [, written = ''] of file.text.matchAll(PIN)) {
      const path = relativePath(file.path, written);
      if (path !== null) pinnedBy.set(path, (pinnedBy.get(path) ?? new Set()).add(file));
    }
  }
  if (pinnedBy.size === 0) return files;
  const ordered = new Set<SourceFile>();
  const started = new Set<SourceFile>();
  const visit = (file: SourceFile): void => {
    if (started.has(file)) return;
    started.add(file);
    for (const other of pinnedBy.get(file.path) ?? []) visit(other);
    ordered.add(file);
  };
  files.forEach(visit);
  return [...ordered];
}
