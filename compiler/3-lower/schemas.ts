import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CatalogTool, JsonObject, Schema, ToolCatalog } from '../ir/catalog.ts';
import type { YamlNode } from '../ir/node.ts';
import type { PatternPlan } from '../ir/pattern.ts';
import type { ArgSchemas } from '../ir/program.ts';
import { evaluatedBy } from '../ir/evaluated.ts';
import { isObject, resolveRef, subschemas } from '../ir/schema.ts';
import type { Span } from '../ir/source.ts';
import { compilePattern } from '../patterns/index.ts';

/** Keywords about what is left by all others. */
const RESTS = { unevaluatedProperties: 'members', unevaluatedItems: 'elements' } as const;

/** The input schemas of a catalog, their patterns compiled; reports what cannot be promised to be checked. */
export function lowerSchemas({ tools, leftOut }: ToolCatalog, diagnostics: Diagnostics): ArgSchemas {
  const patterns = new Map<string, PatternPlan>();
  for (const tool of tools.values()) new ToolSchema(tool, patterns, diagnostics).check();
  const byTool = new Map<string, JsonObject | null>([...leftOut].map((name) => [name, null]));
  for (const [name, { input }] of tools) byTool.set(name, input);
  return { byTool, patterns };
}

class ToolSchema {
  readonly #tool: CatalogTool;
  readonly #patterns: Map<string, PatternPlan>;
  readonly #diagnostics: Diagnostics;
  readonly #seen = new Set<Schema>();

  constructor(tool: CatalogTool, patterns: Map<string, PatternPlan>, diagnostics: Diagnostics) {
    this.#tool = tool;
    this.#patterns = patterns;
    this.#diagnostics = diagnostics;
  }

  check(): void {
    this.#visit(this.#tool.input, []);
  }

  #visit(schema: Schema, path: readonly string[]): void {
    if (typeof schema === 'boolean' || this.#seen.has(schema)) return;
    this.#seen.add(schema);
    for (const [key, inside] of Object.entries(RESTS)) {
      if (schema[key] !== undefined && !evaluatedBy(schema, this.#tool.input, inside))
        this.#refuse(`\`${key}\` stands beside too many alternatives`, [...path, key]);
    }
    this.#patternsOf(schema, path);
    const { $ref: ref } = schema;
    const target = typeof ref === 'string' ? resolveRef(this.#tool.input, ref) : null;
    if (typeof ref === 'string' && target !== null) this.#visit(target, partsOf(ref.slice(1)));
    for (const { schema: inner, pointer } of subschemas(schema)) {
      this.#visit(inner, [...path, ...partsOf(pointer)]);
    }
  }

  #patternsOf({ pattern, patternProperties }: JsonObject, path: readonly string[]): void {
    if (typeof pattern === 'string') this.#compile(pattern, [...path, 'pattern']);
    if (!isObject(patternProperties)) return;
    for (const source of Object.keys(patternProperties)) {
      this.#compile(source, [...path, 'patternProperties', source]);
    }
  }

  #compile(source: string, path: readonly string[]): void {
    if (this.#patterns.has(source)) return;
    const result = compilePattern(source, { ignoreCase: false });
    if (result.ok) this.#patterns.set(source, result.plan);
    else this.#refuse(`in \`${source}\`, ${result.refusal.message}`, path);
  }

  #refuse(reason: string, path: readonly string[]): void {
    const { name, inputNode } = this.#tool;
    this.#diagnostics.report('PL3309', { tool: name.value, reason }, spanAt(inputNode, path));
  }
}

/** The names of a JSON pointer (RFC 6901 §4). */
const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The place of a value, or of its name where it is no scalar. */
function spanAt(node: YamlNode, [key, ...rest]: readonly string[]): Span {
  if (key === undefined) return node.span;
  if (node.kind === 'sequence') {
    const item = node.items[Number(key)];
    return item ? spanAt(item, rest) : node.span;
  }
  const entry = node.kind === 'mapping' ? node.entries.find((each) => each.key === key) : undefined;
  if (!entry) return node.span;
  return rest.length === 0 && entry.value.kind !== 'scalar' ? entry.keySpan : spanAt(entry.value, rest);
}
