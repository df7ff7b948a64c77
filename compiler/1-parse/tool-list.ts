/**
 * The lists of tools that servers answer and that models are given, as entries with a name and an input schema: an
 * MCP server's answer to `tools/list`, alone, as pages, or in its JSON-RPC envelope (Model Context Protocol, schema
 * 2025-11-25, `ListToolsResult`, `Tool`), and the `tools` of OpenAI, Anthropic and Gemini.
 */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { MappingEntry, MappingNode, YamlNode } from '../ir/node.ts';
import type { Located, Span } from '../ir/source.ts';
import { entryOf } from './schema-nodes.ts';

/** A tool as a list has it. */
export interface ToolEntry {
  readonly name: Located<string>;
  /** The schema of its arguments; `null` where there is none. */
  readonly input: YamlNode | null;
  /** Whether the schema is in Gemini's words. */
  readonly isGemini: boolean;
}

/** Where each of them has the schema of the arguments. */
const SCHEMA_KEYS = [
  'inputSchema',
  'input_schema',
  'parameters',
  'parametersJsonSchema',
  'parameters_json_schema',
] as const;

/** What else is known of a tool, and says nothing about its arguments. */
const TOOL_KEYS: readonly string[] = [
  ...['name', ...SCHEMA_KEYS],
  // Model Context Protocol
  ...['title', 'description', 'outputSchema', 'annotations', 'execution', 'icons', '_meta'],
  // OpenAI
  ...['type', 'function', 'strict'],
  // Anthropic
  ...['cache_control', 'defer_loading', 'allowed_callers', 'input_examples', 'eager_input_streaming'],
  // Gemini
  ...['behavior', 'response', 'responseJsonSchema', 'response_json_schema'],
];

const DECLARATIONS = ['functionDeclarations', 'function_declarations'] as const;

const PAGE_KEYS: readonly string[] = ['tools', 'nextCursor', '_meta', ...DECLARATIONS];

/** Reads the list at the root of a file; what it cannot read it reports. */
export function readToolList(root: YamlNode, diagnostics: Diagnostics): readonly ToolEntry[] {
  return new ListReader(diagnostics).list(root);
}

class ListReader {
  readonly #diagnostics: Diagnostics;
  /** Members that have been told of: a thousand tools may have the same. */
  readonly #told = new Set<string>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  list(root: YamlNode): readonly ToolEntry[] {
    if (root.kind !== 'sequence') return this.#page(root, true);
    const { items } = root;
    return items.flatMap((item, i) =>
      isPage(item) ? this.#page(item, i === items.length - 1) : this.#tool(item),
    );
  }

  /** @param isLast - whether no further page stands behind it */
  #page(page: YamlNode, isLast: boolean): readonly ToolEntry[] {
    if (page.kind !== 'mapping')
      return this.#refuse(page, 'a list of tools, or an object with `tools`, was expected');
    const failure = entryOf(page, 'error');
    if (failure && entryOf(page, 'jsonrpc'))
      return this.#refuse(failure.value, 'the server answered with an error', failure);
    const result = entryOf(page, 'result');
    // JSON-RPC 2.0 §5: beside the result stand `jsonrpc` and `id`.
    if (result && (entryOf(page, 'jsonrpc') || entryOf(page, 'id'))) return this.#page(result.value, isLast);
    const tools = entryOf(page, 'tools');
    const cursor = entryOf(page, 'nextCursor')?.value;
    // Servers write a cursor that is null, or empty, where there is none.
    const isEnd = !cursor || isScalar(cursor, null) || isScalar(cursor, '');
    if (!isEnd && isLast) this.#diagnostics.report('PL1507', undefined, cursor.span);
    if (!tools && declarationsOf(page)) return this.#tool(page);
    if (!tools) return this.#refuse(page, 'it has no `tools`');
    this.#unknown(page, PAGE_KEYS, ['tools', 'nextCursor'], 'a tool list');
    if (tools.value.kind !== 'sequence') return this.#refuse(tools.value, '`tools` must be a list');
    return tools.value.items.flatMap((item) => this.#tool(item));
  }

  #tool(node: YamlNode): readonly ToolEntry[] {
    if (node.kind !== 'mapping') return this.#refuse(node, 'a tool must be an object');
    const declared = declarationsOf(node);
    if (declared) {
      if (declared.value.kind !== 'sequence')
        return this.#refuse(declared.value, `\`${declared.key}\` must be a list`);
      return declared.value.items.flatMap((item) => this.#declaration(item, 'declaration'));
    }
    // OpenAI's Chat Completions wrap what its Responses have bare.
    const wrapped = entryOf(node, 'function')?.value;
    if (wrapped) return this.#declaration(wrapped, 'function');
    return this.#declaration(node, isScalar(entryOf(node, 'type')?.value, 'function') ? 'function' : 'tool');
  }

  /** @param as - how it stands in the list; a tool must say what its arguments are, a function need not have any */
  #declaration(node: YamlNode, as: 'tool' | 'function' | 'declaration'): readonly ToolEntry[] {
    if (node.kind !== 'mapping') return this.#refuse(node, 'a tool must be an object');
    // A tool that the model's host brings along is told by its type alone.
    const name = entryOf(node, 'name') ?? entryOf(node, 'type');
    if (!name) return this.#lacks(node, 'name');
    const { kind, span } = name.value;
    if (kind !== 'scalar' || typeof name.value.value !== 'string' || name.value.value === '')
      return this.#refuse(name.value, 'the name of a tool must be a text that is not empty');
    const located = { value: name.value.value, span };
    const given = SCHEMA_KEYS.flatMap((key) => entryOf(node, key) ?? []);
    const [schema, second] = given.filter(({ value }) => !isScalar(value, null));
    if (schema && second)
      return this.#refuse(node, `a tool has both \`${schema.key}\` and \`${second.key}\``, second);
    this.#unknown(node, TOOL_KEYS, ['name', ...SCHEMA_KEYS], 'a tool');
    const isGemini = as === 'declaration' && schema?.key === 'parameters';
    const input = schema?.value ?? (as === 'tool' ? null : noArguments(node));
    return [{ name: located, input, isGemini }];
  }

  /** What is not known is passed over, and that is said; a slip of the pen in a known name is an error. */
  #unknown(node: MappingNode, known: readonly string[], read: readonly string[], where: string): void {
    for (const { key, keySpan } of node.entries) {
      if (known.includes(key)) continue;
      const near = nearest(key, read) ?? read.find((each) => folded(each) === folded(key)) ?? null;
      if (near !== null) this.#diagnostics.report('PL1101', { key, where, near, known: read }, keySpan);
      else if (!this.#told.has(key)) this.#diagnostics.report('PL1510', { key, where }, keySpan);
      this.#told.add(key);
    }
  }

  #lacks(node: YamlNode, key: string): readonly [] {
    this.#diagnostics.report('PL1103', { key, where: 'a tool' }, firstPlace(node));
    return [];
  }

  #refuse(node: YamlNode, reason: string, at?: MappingEntry): readonly [] {
    this.#diagnostics.report('PL1509', { reason }, at?.keySpan ?? firstPlace(node));
    return [];
  }
}

/** OpenAI and Gemini leave the schema out where a function takes no arguments. */
const NO_ARGUMENTS: readonly (readonly [string, string | boolean])[] = [
  ['type', 'object'],
  ['additionalProperties', false],
];

const noArguments = ({ span }: MappingNode): YamlNode => ({
  kind: 'mapping',
  entries: NO_ARGUMENTS.map(([key, value]) => ({
    key,
    keySpan: span,
    value: { kind: 'scalar', value, span },
  })),
  span,
});

const isPage = (node: YamlNode): boolean =>
  ['tools', 'result', 'jsonrpc'].some((key) => entryOf(node, key) !== undefined);

const declarationsOf = (node: YamlNode): MappingEntry | undefined =>
  entryOf(node, DECLARATIONS[0]) ?? entryOf(node, DECLARATIONS[1]);

const isScalar = (node: YamlNode | undefined, value: null | string): boolean =>
  node?.kind === 'scalar' && node.value === value;

/** Keys that differ in nothing but how words are joined. */
const folded = (key: string): string => key.replaceAll(/[-_]/g, '').toLowerCase();

/** A caret under a whole object says nothing: its first key stands for it. */
const firstPlace = (node: YamlNode): Span =>
  node.kind === 'mapping' ? (node.entries[0]?.keySpan ?? node.span) : node.span;
