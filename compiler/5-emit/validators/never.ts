import type { JsonObject, JsonValue, Schema } from '../../ir/catalog.ts';
import { isList, isSchema, resolveRef } from '../../ir/schema.ts';

/** What is known of schemas; one that is being asked about, and refers to itself, says no more there than elsewhere. */
export type Known = Map<JsonObject, boolean>;

/** Whether nothing satisfies a schema, as far as its own words say so: `false`, `not: {}`, `enum: []`, and choices of these. */
export function isNever(schema: Schema, root: JsonObject, known: Known): boolean {
  if (typeof schema === 'boolean') return !schema;
  const before = known.get(schema);
  if (before !== undefined) return before;
  known.set(schema, false);
  const found = saysNever(schema, root, known);
  known.set(schema, found);
  return found;
}

function saysNever(schema: JsonObject, root: JsonObject, known: Known): boolean {
  const never = (each: Schema): boolean => isNever(each, root, known);
  const { $ref: ref, enum: listed, not } = schema;
  if (isList(listed) && listed.length === 0) return true;
  if (isSchema(not) && isAlways(not)) return true;
  if (schemasOf(schema['allOf']).some(never)) return true;
  for (const key of ['anyOf', 'oneOf']) {
    const choices = schemasOf(schema[key]);
    if (choices.length > 0 && choices.every(never)) return true;
  }
  const target = typeof ref === 'string' ? resolveRef(root, ref) : null;
  return target !== null && never(target);
}

const schemasOf = (value: JsonValue | undefined): readonly Schema[] =>
  isList(value) ? value.filter(isSchema) : [];

/** Keywords that say nothing about a value. */
const ANNOTATIONS = [
  '$comment',
  '$id',
  '$schema',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'examples',
  'format',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
];

/** Whether everything satisfies a schema, as far as its own words say so: `true`, `{}`, `not: false`. */
function isAlways(schema: Schema): boolean {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(schema).every(
    ([key, value]) => ANNOTATIONS.includes(key) || (key === 'not' && value === false),
  );
}
