/** What a schema refuses, in the words of whoever wrote the file. */
import type { ErrorObject } from 'ajv';
import { wordsOf } from './forms.ts';
import { oddSpaceIn } from './yaml-words.ts';

/** The end of the sentence that begins with what is refused, and what to write instead. */
export interface RefusalWords {
  readonly rule: string;
  readonly hint: string;
}

/** The parts of a schema that a message is made of. */
interface Limits {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A refused value, its schema, and the limit it breaks. */
interface Refused {
  readonly data: unknown;
  readonly limits: Limits;
  readonly limit: number;
}

/** Words by the keyword of JSON Schema that a value breaks. */
const WORDS: Readonly<Record<string, (refused: Refused) => RefusalWords>> = {
  minLength: () => ({ rule: 'is empty', hint: 'write a text, or leave the key out' }),
  maxLength: ({ limit }) => ({
    rule: `is longer than ${limit} characters`,
    hint: `write ${limit} characters at most`,
  }),
  minItems: ofItems,
  maxItems: ofItems,
  minProperties: () => ({ rule: 'is empty', hint: 'write at least one key, or leave it out' }),
  minimum: ofNumbers,
  maximum: ofNumbers,
  exclusiveMinimum: ofNumbers,
};

/** What to say of a value that breaks a keyword other than those that name keys, types and closed lists. */
export function refusalWords(error: ErrorObject): RefusalWords {
  const { keyword, data, params } = error;
  const given = params as { readonly limit?: number; readonly pattern?: string };
  if (keyword === 'pattern') {
    const form = wordsOf(given.pattern ?? '');
    return {
      rule: `cannot be \`${String(data)}\``,
      hint: form === undefined ? `write what matches \`${given.pattern ?? ''}\`` : `write ${form}`,
    };
  }
  const words = Object.hasOwn(WORDS, keyword) ? WORDS[keyword] : undefined;
  const limits = (error.parentSchema ?? {}) as Limits;
  return (
    words?.({ data, limits, limit: given.limit ?? 0 }) ?? {
      rule: 'is not allowed here',
      hint: 'look at the example of this key in the documentation of policies',
    }
  );
}

function ofItems({ data, limits: { minItems = 0, maxItems = Infinity } }: Refused): RefusalWords {
  const count = Array.isArray(data) ? data.length : 0;
  if (minItems === 2 && maxItems === 2)
    return {
      rule: `has two ends, not ${count}`,
      hint: 'write `[smallest, largest]`; `null` leaves an end open: `[0, null]`',
    };
  if (count === 0) return { rule: 'is empty', hint: 'write at least one element, or leave the key out' };
  const least = minItems > 0 && `at least ${minItems}`;
  const most = maxItems < Infinity && `at most ${maxItems}`;
  const range = [least, most].filter(Boolean).join(' and ');
  return { rule: `has ${count} elements`, hint: `write ${range}` };
}

function ofNumbers({ data, limits }: Refused): RefusalWords {
  const { minimum, exclusiveMinimum, maximum } = limits;
  const least =
    exclusiveMinimum === undefined
      ? minimum !== undefined && `from ${minimum}`
      : `greater than ${exclusiveMinimum}`;
  const most = maximum !== undefined && (least === false ? `at most ${maximum}` : `to ${maximum}`);
  const range = [least, most].filter(Boolean).join(exclusiveMinimum === undefined ? ' ' : ', up ');
  return { rule: `cannot be ${String(data)}`, hint: `write a number ${range}` };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
  object: 'a mapping',
};

/** The types that are expected: "a whole number or a mapping". */
export function expectedTypes(error: ErrorObject): string {
  if (error.keyword === 'oneOf') return 'a string or a list of strings';
  const types = [error.params['type']].flat().map((name) => TYPE_WORDS[String(name)] ?? String(name));
  return types.length < 2 ? types.join('') : `${types.slice(0, -1).join(', ')} or ${types.at(-1) ?? ''}`;
}

/** What to do about a value of a wrong type, where more can be said than which type is right. */
export function hintOfType({ data, params, instancePath }: ErrorObject): string | undefined {
  const types = [(params as { readonly type?: string | readonly string[] }).type].flat();
  if (typeof data === 'boolean' || typeof data === 'number')
    return types.includes('string') ? `put it in quotes: "${data}"` : undefined;
  if (instancePath !== '' || typeof data !== 'string') return undefined;
  // A whole file that is one text: something keeps its first line from being a key and a value.
  const odd = oddSpaceIn(data);
  if (odd) return `${odd.name} stands behind the colon: delete it and type a blank`;
  const [, key, value] = /^([\w.-]+):(\S.*)$/.exec(data) ?? [];
  return key === undefined ? undefined : `a blank is missing behind the colon: \`${key}: ${value ?? ''}\``;
}

/** What a value is, in words. */
export function described(data: unknown): string {
  if (Array.isArray(data)) return 'a list';
  if (data !== null && typeof data === 'object') return 'a mapping';
  const value = data as null | string | number | boolean;
  return value === null ? 'null' : `the ${typeof value} \`${String(value)}\``;
}
