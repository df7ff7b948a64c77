import type { JsonObject } from '../../ir/catalog.ts';

/** What a message says of an argument, and JavaScript that adds to its path. */
export interface Phrase {
  readonly phrase: string;
  readonly at: string;
}

const TYPES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'true or false',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
};

/** What stands in front of the limit, and behind it. */
const LIMITS: Readonly<Record<string, readonly [string, string]>> = {
  minItems: ['must have at least', ' elements'],
  maxItems: ['must have at most', ' elements'],
  minProperties: ['must have at least', ' members'],
  maxProperties: ['must have at most', ' members'],
};

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'must be at least',
  '<=': 'must be at most',
  '>': 'must be more than',
  '<': 'must be less than',
};

const PHRASES: Readonly<Record<string, string>> = {
  equal: 'must be the value that the catalog gives',
  form: 'must have the form that the catalog asks for',
  minLength: 'is shorter than the catalog asks for',
  maxLength: 'is longer than the catalog allows',
  multipleOf: 'must be a multiple of the number that the catalog gives',
  uniqueItems: 'must not hold an element twice',
  contains: 'must hold the elements that the catalog asks for',
  anyOf: 'must have one of the forms that the catalog lists',
  oneOf: 'must have exactly one of the forms that the catalog lists',
  propertyNames: 'must not have members of such names',
  'false schema': 'must not be given',
  never: 'must not be given',
  leftOut: 'cannot be checked, for the catalog leaves the tool out',
};

/**
 * The words for a finding. `params` is the inside of the object that ajv writes, and `schema` what the keyword says, both
 * JavaScript; `placed` looks up what it takes from a schema.
 */
export function phraseOf(
  keyword: string,
  { params, schema }: { readonly params: string; readonly schema: string },
  placed: (place: string) => JsonObject | null,
): Phrase {
  const plain = (phrase: string): Phrase => ({ phrase, at: '' });
  const value = /^\w+: (.*)$/.exec(params)?.[1] ?? '';
  const listed = /^"(v_\d+_)"$/.exec(schema)?.[1];
  if (listed !== undefined && keyword === 'among') return plain(`must be one of ${listed}`);
  if (keyword === 'type') {
    const types = placed(value)?.['list'];
    const names = Array.isArray(types) ? (types as readonly string[]) : value.replaceAll('"', '').split(',');
    return plain(`must be ${inWords(names.map((name) => TYPES[name] ?? name))}`);
  }
  if (keyword === 'required') return { phrase: 'is missing', at: `+"/"+${value}` };
  if (keyword === 'dependencies') {
    const missing = /missingProperty: ("\w+")/.exec(params)?.[1];
    return { phrase: 'is missing, and needed beside another one', at: missing ? `+"/"+${missing}` : '' };
  }
  if (keyword === 'additionalProperties' || keyword === 'additionalItems') {
    // The name is the plan's, so its slashes are escaped when it runs.
    const name = /^additionalProperty: (\w+)$/.exec(params)?.[1];
    return { phrase: 'is not known to the catalog', at: name ? `+"/"+pointed(${name})` : '' };
  }
  const [, comparison = '', limit = ''] = /^comparison: "(..?)", limit: (\S+)$/.exec(params) ?? [];
  if (comparison !== '') return plain(`${COMPARISONS[comparison] ?? ''} ${limit}`);
  const around = LIMITS[keyword];
  if (around) return plain(`${around[0]} ${value}${around[1]}`);
  return plain(PHRASES[keyword] ?? 'must be as the catalog asks for');
}

const inWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
