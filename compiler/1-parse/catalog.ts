import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { CatalogTool, ToolCatalog } from '../ir/catalog.ts';
import type { CatalogReference } from '../ir/configuration.ts';
import type { Located, SourceFile } from '../ir/source.ts';
import { readInput } from './catalog-schema.ts';
import { globProblem } from './glob.ts';
import { parseJson } from './json.ts';
import type { InexactNumbers } from './json.ts';
import { readToolList } from './tool-list.ts';
import type { ToolEntry } from './tool-list.ts';

/**
 * Reads a tool catalog; `null` after it has reported what is wrong.
 *
 * @param leaveOut - names of tools that are not to be read; each must be in the catalog
 */
export function parseCatalog(
  file: SourceFile,
  leaveOut: CatalogReference['leaveOut'],
  diagnostics: Diagnostics,
): ToolCatalog | null {
  const inexact: InexactNumbers = new Map();
  const root = parseJson(file, diagnostics, inexact);
  if (!root) return null;
  const entries = readToolList(root, diagnostics);
  const names = new Set(entries.map(({ name }) => name.value));
  for (const { value: name, span } of leaveOut) {
    if (!names.has(name)) diagnostics.report('PL1512', { name, near: nearest(name, names) }, span);
  }
  const leftOut = new Set(leaveOut.map(({ value }) => value));
  const tools = new Map<string, CatalogTool>();
  for (const entry of entries) {
    if (leftOut.has(entry.name.value)) continue;
    const tool = readTool(entry, inexact, diagnostics);
    if (tool) addTool(tool, tools, diagnostics);
  }
  return diagnostics.hasErrors() ? null : { file, tools, leftOut };
}

function addTool(tool: CatalogTool, tools: Map<string, CatalogTool>, diagnostics: Diagnostics): void {
  const { value: name, span } = tool.name;
  const first = tools.get(name);
  if (first)
    diagnostics.report('PL1503', { name }, span, [{ message: 'first listed here', span: first.name.span }]);
  else tools.set(name, tool);
}

function readTool(
  { name, input, isGemini }: ToolEntry,
  inexact: InexactNumbers,
  diagnostics: Diagnostics,
): CatalogTool | null {
  const reason = nameProblem(name);
  if (reason !== null) diagnostics.report('PL1504', { name: name.value, reason }, name.span);
  if (!input) {
    diagnostics.report('PL1511', { tool: name.value }, name.span);
    return null;
  }
  return readInput(name, input, { inexact, isGemini, diagnostics });
}

const MAX_NAME = 256;

function nameProblem({ value }: Located<string>): string | null {
  if (value.length > MAX_NAME) return `it is longer than ${MAX_NAME} characters`;
  return globProblem(value) ?? (value.includes('*') ? '`*` stands for any name' : null);
}
