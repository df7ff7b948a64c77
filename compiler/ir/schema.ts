import type { JsonObject, JsonValue, Schema } from './catalog.ts';

/**
 * Where schemas stand in a schema (JSON Schema 2020-12 core §10, validation draft-07 §6), by what they speak of:
 * the value itself, or something inside it.
 */
const OF_ITSELF = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'] as const;
const OF_ITSELF_BY_NAME = ['dependentSchemas', 'dependencies'] as const;
const OF_PARTS = [
  'items',
  'prefixItems',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
const OF_PARTS_BY_NAME = ['properties', 'patternProperties'] as const;
const NAMED = ['$defs', 'definitions'] as const;

/** Keywords whose value is a schema, or a list of them. */
export const HOLDS_SCHEMAS: ReadonlySet<string> = new Set([...OF_ITSELF, ...OF_PARTS]);
/** Keywords whose value holds schemas by names of the author's. */
export const HOLDS_NAMED_SCHEMAS: ReadonlySet<string> = new Set([
  ...OF_ITSELF_BY_NAME,
  ...OF_PARTS_BY_NAME,
  ...NAMED,
]);

/** A schema inside another, and its JSON pointer from there. */
export interface Subschema {
  readonly pointer: string;
  readonly schema: Schema;
  /** Whether it speaks of the same value; definitions speak of none. */
  readonly about: 'itself' | 'a part' | 'nothing';
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isSchema(value: JsonValue | undefined): value is Schema {
  return typeof value === 'boolean' || isObject(value);
}

/** The drafts of JSON Schema that are read, newest first. */
export const DIALECTS = ['2020-12', '2019-09', 'draft-07', 'draft-06', 'draft-04'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Addresses as servers write them: with `http` or `https`, with or without the `#`. */
const ADDRESS = /^https?:\/\/json-schema\.org\/(?:draft\/(20\d\d-\d\d)|(draft-0\d))\/schema#?$/;

/** The draft that a schema names by `$schema`; 2020-12 where it names none, `null` where it is none of ours. */
export function dialectOf({ $schema: named }: JsonObject): Dialect | null {
  if (named === undefined) return '2020-12';
  const [, dated, numbered] = (typeof named === 'string' && ADDRESS.exec(named)) || [];
  return DIALECTS.find((dialect) => dialect === dated || dialect === numbered) ?? null;
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The schemas that stand in a schema, in the order of these tables. */
export function subschemas(schema: Schema): readonly Subschema[] {
  if (typeof schema === 'boolean') return [];
  const found: Subschema[] = [];
  const add = (pointer: string, value: JsonValue | undefined, about: Subschema['about']): void => {
    if (isSchema(value)) found.push({ pointer, schema: value, about });
  };
  const one = (keys: readonly string[], about: Subschema['about']): void => {
    for (const key of keys) {
      const value = schema[key];
      if (isList(value)) value.forEach((item, i) => add(`/${key}/${i}`, item, about));
      else add(`/${key}`, value, about);
    }
  };
  const byName = (keys: readonly string[], about: Subschema['about']): void => {
    for (const key of keys) {
      const value = schema[key];
      if (!isObject(value)) continue;
      for (const [name, member] of Object.entries(value)) add(`/${key}/${escape(name)}`, member, about);
    }
  };
  one(OF_ITSELF, 'itself');
  byName(OF_ITSELF_BY_NAME, 'itself');
  one(OF_PARTS, 'a part');
  byName(OF_PARTS_BY_NAME, 'a part');
  byName(NAMED, 'nothing');
  return found;
}

/** The schema that a `$ref` means; `null` where it leads nowhere in this schema. Only `#` and `#/…` are followed. */
export function resolveRef(root: JsonObject, ref: string): Schema | null {
  if (ref !== '#' && !ref.startsWith('#/')) return null;
  let at: JsonValue | undefined = root;
  for (const part of ref.split('/').slice(1)) {
    let key: string;
    try {
      key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    } catch {
      return null;
    }
    if (isList(at)) at = at[/^\d+$/.test(key) ? Number(key) : -1];
    else at = isObject(at) ? at[key] : undefined;
  }
  return isSchema(at) ? at : null;
}
