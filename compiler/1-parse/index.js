import { readDocument } from './document.js';
import { checkShape } from './shape.js';
import { parseYaml } from './yaml.js';
export { parseConfiguration } from './configuration.js';
/** Phase 1: the text of one policy file becomes a `PolicyDocument`, or `null` and diagnostics. */
export function parsePolicy(file, diagnostics) {
  const root = parseYaml(file, diagnostics);
  if (!root || !checkShape(root, diagnostics)) return null;
  return readDocument(file, root, diagnostics);
}
