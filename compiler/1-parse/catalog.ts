import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { CatalogTool, JsonObject, JsonValue, Schema, ToolCatalog } from '../ir/catalog.ts';
import type { YamlNode } from '../ir/node.ts';
import { isObject, resolveRef, subschemas } from '../ir/schema.ts';
import type { SourceFile } from '../ir/source.ts';
import { globProblem } from './glob.ts';
import { parseJson } from './json.ts';
import { Reader, located } from './read.ts';
import { circular, pointerOf, schemaGraph, tooDeep } from './schema-graph.ts';
import { checkShape, locate, plain } from './shape.ts';

const text = { type: 'string' };
const open = { type: 'object' };

/** The shape of a `tools/list` result (Model Context Protocol, schema 2025-11-25, `ListToolsResult`, `Tool`). */
const catalogSchema = {
  title: 'a tool catalog',
  type: 'object',
  additionalProperties: false,
  required: ['tools'],
  properties: {
    tools: { title: '`tools`', type: 'array', items: { $ref: '#/$defs/tool' } },
    nextCursor: { title: '`nextCursor`', ...text },
    _meta: { title: '`_meta`', ...open },
  },
  $defs: {
    tool: {
      title: 'a tool',
      type: 'object',
      additionalProperties: false,
      required: ['name', 'inputSchema'],
      properties: {
        name: { title: 'the name of a tool', type: 'string', minLength: 1, maxLength: 256 },
        title: { title: '`title`', ...text },
        description: { title: '`description`', ...text },
        inputSchema: { title: '`inputSchema`', ...open },
        outputSchema: { title: '`outputSchema`', ...open },
        annotations: { title: '`annotations`', ...open },
        execution: { title: '`execution`', ...open },
        icons: { title: '`icons`', type: 'array' },
        _meta: { title: '`_meta`', ...open },
      },
    },
  },
};

/** Reads a tool catalog; `null` after it has reported what is wrong. */
export function parseCatalog(file: SourceFile, diagnostics: Diagnostics): ToolCatalog | null {
  const root = parseJson(file, diagnostics);
  if (!root || !checkShape(root, diagnostics, catalogSchema)) return null;
  const reader = new Reader(root);
  const cursor = reader.get('nextCursor');
  if (cursor) diagnostics.report('PL1507', undefined, cursor.span);
  const tools = new Map<string, CatalogTool>();
  for (const node of reader.items('tools')) {
    const tool = readTool(new Reader(node), diagnostics);
    const first = tools.get(tool.name.value);
    if (first) {
      diagnostics.report('PL1503', { name: tool.name.value }, tool.name.span, [
        { message: 'first listed here', span: first.name.span },
      ]);
    } else tools.set(tool.name.value, tool);
  }
  return diagnostics.hasErrors() ? null : { file, tools };
}

function readTool(reader: Reader, diagnostics: Diagnostics): CatalogTool {
  const name = located(reader.get('name') ?? reader.node, 'string');
  const inputNode = reader.get('inputSchema') ?? reader.node;
  const reason = globProblem(name.value) ?? (name.value.includes('*') ? '`*` stands for any name' : null);
  if (reason) diagnostics.report('PL1504', { name: name.value, reason }, name.span);
  const input = plain(inputNode) as JsonObject;
  if (checkSchema(name.value, input, inputNode, diagnostics))
    checkRefs(name.value, input, inputNode, diagnostics);
  return { name, input, inputNode };
}

const DRAFTS: Readonly<Record<string, string>> = {
  'https://json-schema.org/draft/2020-12/schema': 'https://json-schema.org/draft/2020-12/schema',
  'https://json-schema.org/draft/2020-12/schema#': 'https://json-schema.org/draft/2020-12/schema',
  'http://json-schema.org/draft-07/schema': 'http://json-schema.org/draft-07/schema',
  'http://json-schema.org/draft-07/schema#': 'http://json-schema.org/draft-07/schema',
};
const NEWEST = 'https://json-schema.org/draft/2020-12/schema';
const metaSchemas = new Map<string, ValidateFunction | undefined>();

function metaSchema(draft: string): ValidateFunction | undefined {
  if (!metaSchemas.has(draft)) {
    const options = { strict: false, validateFormats: false, logger: false } as const;
    const ajv = draft === NEWEST ? new Ajv2020(options) : new Ajv(options);
    // ajv's own comparison calls the `valueOf` of objects, which those of a catalog lack, or have as a member.
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({
      keyword: 'uniqueItems',
      type: 'array',
      validate: (_: unknown, list: readonly JsonValue[]) => new Set(list.map(spelled)).size === list.length,
      error: { message: 'must NOT have duplicate items' },
    });
    metaSchemas.set(draft, ajv.getSchema(draft));
  }
  return metaSchemas.get(draft);
}

/** A text that equal values share and no others. */
const spelled = (value: JsonValue): string =>
  JSON.stringify(value, (_, each: JsonValue) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );

/** Whether it is a JSON Schema of a draft we know; reports the first thing that is not. */
function checkSchema(tool: string, input: JsonObject, node: YamlNode, diagnostics: Diagnostics): boolean {
  const { $schema: named = NEWEST } = input;
  const draft = typeof named === 'string' ? DRAFTS[named] : undefined;
  const validate = draft === undefined ? undefined : metaSchema(draft);
  if (!validate) {
    const { span } = locate(node, '/$schema');
    diagnostics.report('PL1505', { tool, reason: 'its `$schema` is neither 2020-12 nor draft-07' }, span);
    return false;
  }
  return isValid(validate, tool, input, '', node, diagnostics);
}

/** Whether the schema at a place in the input schema of a tool is one of the draft; reports the first flaw. */
function isValid(
  validate: ValidateFunction,
  tool: string,
  schema: Schema,
  at: string,
  node: YamlNode,
  diagnostics: Diagnostics,
): boolean {
  if (validate(schema)) return true;
  const [error] = validate.errors ?? [];
  const pointer = at + (error?.instancePath ?? '');
  const where = pointer === '' ? 'it' : `\`${pointer.slice(1)}\``;
  diagnostics.report(
    'PL1505',
    { tool, reason: `${where} ${error?.message ?? 'is not allowed'}` },
    locate(node, pointer).span,
  );
  return false;
}

/** Keywords that move the place from which references are counted, or that follow the path of evaluation. */
const MOVING = ['$dynamicRef', '$recursiveRef'] as const;

/**
 * The longest way through a schema, from the root to the innermost. ajv recurses along it, and twice this fits on the
 * stack that Node gives, whatever the keywords are.
 */
const MOST_DEPTH = 100;
/** The places that references lead to: each becomes a function, and ajv folds the names of all into one text. */
const MOST_TARGETS = 2000;

/** Every reference must lead to a schema in this one, and none back to itself without going into the value. */
function checkRefs(tool: string, root: JsonObject, node: YamlNode, diagnostics: Diagnostics): void {
  const { $schema: named = NEWEST } = root;
  const validate = metaSchema((typeof named === 'string' ? DRAFTS[named] : undefined) ?? NEWEST);
  const graph = schemaGraph(root);
  const deep = tooDeep(graph, root, MOST_DEPTH);
  if (deep) {
    const { depth, pointer } = deep;
    diagnostics.report('PL1508', { tool, depth, limit: MOST_DEPTH }, locate(node, pointer).span);
    return;
  }
  const circles = circular(graph);
  const expected = schemasBelow(root);
  const seen = new Set<Schema>();
  const targets = new Set<Schema>();
  let tooMany = false;
  const visit = (schema: Schema, pointer: string): void => {
    if (typeof schema === 'boolean' || seen.has(schema)) return;
    seen.add(schema);
    const report = (key: string, ref: string, reason: string): void =>
      diagnostics.report('PL1506', { ref, reason }, locate(node, `${pointer}/${key}`).span);
    for (const key of MOVING) {
      if (typeof schema[key] === 'string') report(key, schema[key], `\`${key}\` is not supported`);
    }
    const { $ref: ref, $id: id } = schema;
    if (typeof id === 'string' && pointer !== '')
      report('$id', id, 'a schema inside another may not have a `$id`');
    if (typeof ref === 'string') {
      const target = resolveRef(root, ref);
      if (target !== null) targets.add(target);
      if (target === null) report('$ref', ref, whyNot(ref));
      else if (targets.size > MOST_TARGETS) {
        if (!tooMany) report('$ref', ref, `the schema refers to more than ${MOST_TARGETS} different places`);
        tooMany = true;
      } else if (circles.has(schema))
        report('$ref', ref, 'it leads back to itself without going into the value');
      // A reference may lead to where no keyword expects a schema.
      else if (typeof target === 'boolean' || expected.has(target) || !validate) visit(target, ref.slice(1));
      else if (isValid(validate, tool, target, pointerOf(ref), node, diagnostics)) {
        for (const each of schemasBelow(target)) expected.add(each);
        visit(target, pointerOf(ref));
      }
    }
    for (const inner of subschemas(schema)) visit(inner.schema, pointer + inner.pointer);
  };
  visit(root, '');
}

function whyNot(ref: string): string {
  if (ref.startsWith('#/')) return 'there is no schema at that place';
  return ref.startsWith('#') ? 'anchors are not supported' : 'other documents are not read';
}

/** All schemas to which keywords lead. */
function schemasBelow(root: Schema): Set<Schema> {
  const found = new Set<Schema>([root]);
  for (const at of found) for (const { schema } of subschemas(at)) found.add(schema);
  return found;
}
