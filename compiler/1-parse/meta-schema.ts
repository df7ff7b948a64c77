/** Whether a tool's input is a schema of the draft that it names. */
import { Ajv } from 'ajv';
import type { Options, ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { JsonObject, JsonValue, Schema } from '../ir/catalog.ts';
import type { YamlNode } from '../ir/node.ts';
import { isObject } from '../ir/schema.ts';
import type { Dialect } from '../ir/schema.ts';
import { locate } from './shape.ts';

/** A schema that is being read. */
export interface Input {
  readonly tool: string;
  /** As data; `node` is the same with places. */
  readonly schema: JsonObject;
  readonly node: YamlNode;
  readonly dialect: Dialect;
  readonly diagnostics: Diagnostics;
}

/** Whether the schema at a place in the input of a tool is one of its draft; reports the first flaw. */
export function isValid({ tool, node, dialect, diagnostics }: Input, schema: Schema, at: string): boolean {
  const validate = metaSchema(dialect);
  if (validate(schema)) return true;
  const [error] = validate.errors ?? [];
  const pointer = at + (error?.instancePath ?? '');
  const where = pointer === '' ? 'it' : `\`${pointer.slice(1)}\``;
  const reason = `${where} ${error?.message ?? 'is not allowed'}`;
  diagnostics.report('PL1505', { tool, reason }, locate(node, pointer).span);
  return false;
}

interface MetaSchema {
  readonly address: string;
  readonly make: (options: Options) => Ajv | Ajv2019 | Ajv2020;
}

const DRAFT_07: MetaSchema = {
  address: 'http://json-schema.org/draft-07/schema',
  make: (options) => new Ajv(options),
};

/** What older drafts have in other words has been rewritten, and what they lack refused. */
const META_SCHEMAS: Readonly<Record<Dialect, MetaSchema>> = {
  '2020-12': {
    address: 'https://json-schema.org/draft/2020-12/schema',
    make: (options) => new Ajv2020(options),
  },
  '2019-09': {
    address: 'https://json-schema.org/draft/2019-09/schema',
    make: (options) => new Ajv2019(options),
  },
  'draft-07': DRAFT_07,
  'draft-06': DRAFT_07,
  'draft-04': DRAFT_07,
};

const compiled = new Map<MetaSchema, ValidateFunction>();

function metaSchema(dialect: Dialect): ValidateFunction {
  const meta = META_SCHEMAS[dialect];
  const known = compiled.get(meta);
  if (known) return known;
  const ajv = meta.make({ strict: false, validateFormats: false, logger: false });
  // ajv's own comparison calls the `valueOf` of objects, which those of a catalog lack, or have as a member.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    validate: (_: unknown, list: readonly JsonValue[]) => new Set(list.map(spelled)).size === list.length,
    error: { message: 'must NOT have duplicate items' },
  });
  const validate = ajv.getSchema(meta.address);
  if (!validate) throw new Error(`ajv lacks ${meta.address}`);
  compiled.set(meta, validate);
  return validate;
}

/** A text that equal values share and no others. */
const spelled = (value: JsonValue): string =>
  JSON.stringify(value, (_, each: JsonValue) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
