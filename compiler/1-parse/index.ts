import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { PolicyDocument } from '../ir/document.ts';
import type { SourceFile } from '../ir/source.ts';
import { readDocument } from './document.ts';
import { checkShape } from './shape.ts';
import { parseYaml } from './yaml.ts';

export { parseConfiguration } from './configuration.ts';
export { warnOfOlderReaders } from './yaml-1.1.ts';

/** Phase 1: the text of one policy file becomes a `PolicyDocument`, or `null` and diagnostics. */
export function parsePolicy(file: SourceFile, diagnostics: Diagnostics): PolicyDocument | null {
  const root = parseYaml(file, diagnostics);
  if (!root || !checkShape(root, diagnostics)) return null;
  return readDocument(file, root, diagnostics);
}
