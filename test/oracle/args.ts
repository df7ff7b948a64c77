/** Whether arguments satisfy the input schema that a catalog has for a tool, read off the catalog's own text. */
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import { Judge } from './json-schema.ts';
import type { Json, Keywords } from './json-schema.ts';

const read = new WeakMap<ToolCatalog, Map<string, Judge>>();

export function satisfies(catalog: ToolCatalog, tool: string, args: unknown): boolean {
  let judges = read.get(catalog);
  if (!judges) {
    const { tools } = JSON.parse(catalog.file.text) as { tools: { name: string; inputSchema: Keywords }[] };
    judges = new Map(tools.map(({ name, inputSchema }) => [name, new Judge(inputSchema, isReference)]));
    read.set(catalog, judges);
  }
  return judges.get(tool)?.admits(args as Json) ?? true;
}

/** Quantified over the whole text, naively. */
const isReference = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^(?:\$\{[^{}]*[^{}\s][^{}]*?\.result(?:[.[][^{}]*)?\s*\}|\{\{[^{}]*[^{}\s][^{}]*?\.result(?:[.[][^{}]*)?\s*\}\})$/.test(
    value,
  );
