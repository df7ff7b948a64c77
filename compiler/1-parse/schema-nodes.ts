/** Schemas as they stand in a file, with places: each may be written anew before it is read as data. */
import type { MappingEntry, MappingNode, YamlNode } from '../ir/node.ts';
import { HOLDS_NAMED_SCHEMAS, HOLDS_SCHEMAS } from '../ir/schema.ts';

/** Keywords whose value is data, and never a schema. */
const DATA: ReadonlySet<string> = new Set([
  'enum',
  'const',
  'default',
  'examples',
  'example',
  'type',
  'required',
  'dependentRequired',
]);

/**
 * The same tree with every schema in it written anew, the outer ones first. What stands below a keyword that nobody
 * knows counts as a schema too, for a reference may lead there.
 */
export function rewriteSchemas(node: YamlNode, rewrite: (schema: MappingNode) => MappingNode): YamlNode {
  if (node.kind === 'sequence')
    return { ...node, items: node.items.map((item) => rewriteSchemas(item, rewrite)) };
  if (node.kind === 'scalar') return node;
  const written = rewrite(node);
  const entries = written.entries.map((entry): MappingEntry => {
    const { key, value } = entry;
    if (DATA.has(key)) return entry;
    if (HOLDS_NAMED_SCHEMAS.has(key) && value.kind === 'mapping') {
      const named = value.entries.map((each) => ({ ...each, value: rewriteSchemas(each.value, rewrite) }));
      return { ...entry, value: { ...value, entries: named } };
    }
    return HOLDS_SCHEMAS.has(key) || value.kind !== 'scalar'
      ? { ...entry, value: rewriteSchemas(value, rewrite) }
      : entry;
  });
  return { ...written, entries };
}

/** The entry of a key; JSON texts have none twice. */
export const entryOf = (node: YamlNode, key: string): MappingEntry | undefined =>
  node.kind === 'mapping' ? node.entries.find((entry) => entry.key === key) : undefined;
