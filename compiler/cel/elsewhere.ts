/** What other languages call the words of CEL: hints for those who write conditions by hand. */

/** Operators that are words elsewhere. */
const OPERATORS: Readonly<Record<string, string>> = {
  and: 'CEL writes `&&` for "and"',
  or: 'CEL writes `||` for "or"',
  not: 'CEL writes `!` for "not": `!(value in list)`',
  is: 'CEL writes `==` to compare',
  eq: 'CEL writes `==` to compare',
  equals: 'CEL writes `==` to compare',
  like: 'CEL writes `text.matches("…")`, or `startsWith`, `endsWith`, `contains`',
  matches: 'it is a method: `text.matches("…")`',
  contains: 'it is a method: `text.contains("…")`, or `"…" in list`',
  if: 'CEL writes `condition ? yes : no`, or `a && b`',
  then: 'CEL writes `condition ? yes : no`, or `a && b`',
  else: 'CEL writes `condition ? yes : no`, or `a && b`',
  between: 'write both ends: `low <= value && value <= high`',
};

/** Constants that are written otherwise elsewhere. */
const CONSTANTS: Readonly<Record<string, string>> = {
  true: 'true',
  false: 'false',
  null: 'null',
  none: 'null',
  nil: 'null',
  undefined: 'null',
};

/** Functions and methods. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  len: 'size',
  length: 'size',
  count: 'size',
  includes: 'contains',
  test: 'matches',
  match: 'matches',
  regex: 'matches',
  lower: 'lowerAscii',
  tolower: 'lowerAscii',
  tolowercase: 'lowerAscii',
  upper: 'upperAscii',
  toupper: 'upperAscii',
  touppercase: 'upperAscii',
  strip: 'trim',
  any: 'exists',
  some: 'exists',
  every: 'all',
  number: 'double',
  float: 'double',
  str: 'string',
  tostring: 'string',
  date: 'timestamp',
  datetime: 'timestamp',
};

/** What a plan's fields are called elsewhere. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  arguments: ['args'],
  action: ['tool'],
  function: ['tool'],
  input: ['args'],
  inputs: ['args'],
  name: ['tool'],
  param: ['args'],
  params: ['args'],
  parameters: ['args'],
  tool_name: ['tool'],
  actions: ['steps'],
  calls: ['steps'],
  tasks: ['steps'],
  tools: ['steps'],
};

const read = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined => {
  const folded = word.toLowerCase();
  return Object.hasOwn(table, folded) ? table[folded] : undefined;
};

/** A hint for a word that is an operator elsewhere; empty where it is none. */
export const operatorHint = (word: string): string => read(OPERATORS, word) ?? '';

/** A hint for a name that is a constant elsewhere; empty where it is none. */
export function constantHint(word: string): string {
  const constant = read(CONSTANTS, word);
  return constant === undefined ? '' : `CEL writes \`${constant}\``;
}

/** What CEL calls a function or method; `undefined` where nothing is known of it. */
export const functionElsewhere = (word: string): string | undefined => read(FUNCTIONS, word);

/** The field that another word stands for, of those that there are; empty where there is none. */
export function fieldHint(word: string, fields: readonly string[]): string {
  const field = read(FIELDS, word)?.find((each) => fields.includes(each));
  return field === undefined ? '' : `did you mean \`${field}\`?`;
}
