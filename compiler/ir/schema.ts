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

/** Whether an input schema says that it is of draft-07; otherwise it is of 2020-12. */
export function isDraft7({ $schema: named }: JsonObject): boolean {
  return typeof named === 'string' && named.includes('draft-07');
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
    at = isList(at) ? at[/^\d+$/.test(key) ? Number(key) : -1] : isObject(at) ? at[key] : undefined;
  }
  return isSchema(at) ? at : null;
}
