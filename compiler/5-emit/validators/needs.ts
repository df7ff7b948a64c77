import { isList, isObject } from '../../ir/schema.ts';
import type { JsonObject, JsonValue } from '../../ir/catalog.ts';

/**
 * Of which arguments a schema says something that hangs on the value, so that a reference in one leaves it open: `always`,
 * of all of them; else of all that are declared but those in `free`, and but texts in part known in those in `text`;
 * `others` says the same of all that are not declared.
 */
export interface Needs {
  readonly always: boolean;
  readonly free: readonly string[];
  readonly text: readonly string[];
  readonly others: 'free' | 'text' | 'value';
}

/** As the engine reads them, see `Needs` in `engine/rules/args.ts`. */
export const OTHERS: Readonly<Record<Needs['others'], number>> = { free: 0, value: 1, text: 2 };

/** Keywords that say nothing of a value (JSON Schema validation §9, core §8.3). */
const SILENT: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  'format',
  'contentEncoding',
  'contentMediaType',
]);
/** Keywords of an input schema that say nothing of what an argument holds, but by way of its own schema. */
const OF_THE_WHOLE: ReadonlySet<string> = new Set([
  'type',
  '$schema',
  '$id',
  'properties',
  'required',
  'additionalProperties',
  '$defs',
  'definitions',
  'minProperties',
  'maxProperties',
]);

const telling = (schema: JsonObject): readonly string[] =>
  Object.keys(schema).filter((key) => !SILENT.has(key) && !key.startsWith('x-'));

const isFree = (schema: JsonValue): boolean => !isObject(schema) || telling(schema).length === 0;

function isText(schema: JsonValue): boolean {
  if (!isObject(schema)) return false;
  const { type } = schema;
  return telling(schema).join() === 'type' && (isList(type) ? type.includes('string') : type === 'string');
}

export function needsOf(input: JsonObject): Needs {
  const { properties = {}, additionalProperties = true } = input;
  const declared = isObject(properties) ? Object.entries(properties) : [];
  const names = (is: (schema: JsonValue) => boolean): readonly string[] =>
    declared.flatMap(([name, schema]) => (is(schema) ? [name] : []));
  return {
    always: telling(input).some((key) => !OF_THE_WHOLE.has(key)),
    free: names(isFree),
    text: names(isText),
    others: needOf(additionalProperties),
  };
}

function needOf(schema: JsonValue): Needs['others'] {
  if (isFree(schema)) return 'free';
  return isText(schema) ? 'text' : 'value';
}

/** The arguments that a schema names. */
export const declaredIn = ({ properties = {} }: JsonObject): readonly string[] =>
  isObject(properties) ? Object.keys(properties) : [];
