import type { OperandValue, Scalar } from '../ir/document.ts';
import { includesLanguage } from '../patterns/index.ts';

/**
 * What the operations mean, as plain functions of a value: the meaning that `compiler/operations` emits as code,
 * for proofs and counterexamples. `test/inherit/meaning.test.ts` holds the two against each other.
 */

/** What reading a path gives where it leads through something that is no object. */
export const BAD: object = Object.freeze({});

export interface ValueTest {
  readonly operation: string;
  readonly operand: OperandValue;
}

/** What kind of case distinction decides an operation. */
export type TestClass = 'scalar' | 'size' | 'text' | 'unknown';

interface Meaning {
  readonly kind: TestClass;
  /** Holds, or cannot tell. */
  readonly maybe: (v: unknown, x: OperandValue) => boolean;
  /** Holds for sure. */
  readonly definitely: (v: unknown, x: OperandValue) => boolean;
}

const isFinite = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v);
const listOf = (x: OperandValue): readonly Scalar[] =>
  Array.isArray(x) ? (x as readonly Scalar[]) : [x as Scalar];
const ends = (x: OperandValue): readonly [number, number] => {
  const [low, high] = listOf(x);
  return [Number(low), Number(high)];
};

function comparison(holds: (v: number, x: OperandValue) => boolean): Meaning {
  return {
    kind: 'scalar',
    maybe: (v, x) => !isFinite(v) || holds(v, x),
    definitely: (v, x) => isFinite(v) && holds(v, x),
  };
}

function sizeComparison(holds: (size: number, x: OperandValue) => boolean): Meaning {
  return {
    kind: 'size',
    maybe: (v, x) => sizeOf(v) < 0 || holds(sizeOf(v), x),
    definitely: (v, x) => sizeOf(v) >= 0 && holds(sizeOf(v), x),
  };
}

export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Array.from(value).length;
  if (typeof value !== 'object' || value === null || value === BAD) return -1;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** Whether a value is the scalar, or may pass for it. */
function mayBe(v: unknown, x: Scalar): boolean {
  if (v === x || (typeof v === 'object' && v !== null)) return true;
  if (typeof v === 'string' && typeof x === 'number') return v.trim() !== '' && Number(v) === x;
  if (typeof x === 'boolean')
    return v === (x ? 1 : 0) || (typeof v === 'string' && v.trim().toLowerCase() === String(x));
  if (typeof x !== 'string') return false;
  const text = x.trim().toLowerCase();
  if (text === 'true' || text === 'false') return v === (text === 'true');
  return text !== '' && Number.isFinite(Number(text)) && v === Number(text);
}

const maybeOneOf = (v: unknown, x: OperandValue): boolean => listOf(x).some((item) => mayBe(v, item));
const surelyOneOf = (v: unknown, x: OperandValue): boolean => listOf(x).some((item) => v === item);
const equality: Meaning = { kind: 'scalar', maybe: maybeOneOf, definitely: surelyOneOf };
const inequality: Meaning = {
  kind: 'scalar',
  maybe: (v, x) => !surelyOneOf(v, x),
  definitely: (v, x) => !maybeOneOf(v, x),
};

/** The texts at or below a value: strings, keys, numbers as decimal text. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [`${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(textsIn)
    : Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

type TextTest = (text: string, x: OperandValue) => boolean;

function textTest(holds: TextTest): Meaning {
  const any = (v: unknown, x: OperandValue): boolean => textsIn(v).some((text) => holds(text, x));
  const surely = (v: unknown, x: OperandValue): boolean => typeof v === 'string' && holds(v, x);
  return { kind: 'text', maybe: (v, x) => v === BAD || any(v, x), definitely: surely };
}

/** A test of one string; anything else cannot be told. */
function absence(holds: TextTest): Meaning {
  return {
    kind: 'text',
    maybe: (v, x) => !(typeof v === 'string' && holds(v, x)),
    definitely: (v, x) => typeof v === 'string' && !holds(v, x),
  };
}

const contains: TextTest = (text, x) => text.includes(String(x));
const memo = new Map<string, boolean>();

/** Whether a pattern matches a text: exactly then the language of that one text is included. */
export const matches: TextTest = (text, x) => {
  const key = JSON.stringify([x, text]);
  let known = memo.get(key);
  if (known === undefined) {
    const found = includesLanguage(String(x), `^${quote(text)}$`);
    known = 'included' in found && found.included;
    if (memo.size > 100_000) memo.clear();
    memo.set(key, known);
  }
  return known;
};

/** A text as a regular expression that matches it. */
export const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function hasType(v: unknown, type: string): boolean {
  if (v === null) return type === 'null';
  if (typeof v === 'object') return type === (Array.isArray(v) ? 'array' : 'object');
  if (type === 'integer') return typeof v === 'number' && v % 1 === 0;
  return typeof v === type;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  gt: comparison((v, x) => v > Number(x)),
  gte: comparison((v, x) => v >= Number(x)),
  lt: comparison((v, x) => v < Number(x)),
  lte: comparison((v, x) => v <= Number(x)),
  between: comparison((v, x) => v >= ends(x)[0] && v <= ends(x)[1]),
  not_between: comparison((v, x) => v < ends(x)[0] || v > ends(x)[1]),
  equals: equality,
  in: equality,
  not_equals: inequality,
  not_in: inequality,
  exists: {
    kind: 'scalar',
    maybe: (v) => v !== undefined,
    definitely: (v) => v !== undefined && v !== null && v !== BAD,
  },
  missing: {
    kind: 'scalar',
    maybe: (v) => v === undefined || v === null || v === BAD,
    definitely: (v) => v === undefined,
  },
  type: {
    kind: 'scalar',
    maybe: (v, x) => v === BAD || hasType(v, String(x)),
    definitely: (v, x) => v !== BAD && hasType(v, String(x)),
  },
  length_equals: sizeComparison((v, x) => v === x),
  length_gt: sizeComparison((v, x) => v > Number(x)),
  length_gte: sizeComparison((v, x) => v >= Number(x)),
  length_lt: sizeComparison((v, x) => v < Number(x)),
  length_lte: sizeComparison((v, x) => v <= Number(x)),
  length_between: sizeComparison((v, x) => v >= ends(x)[0] && v <= ends(x)[1]),
  contains: textTest(contains),
  starts_with: textTest((text, x) => text.startsWith(String(x))),
  ends_with: textTest((text, x) => text.endsWith(String(x))),
  matches: textTest(matches),
  not_contains: absence(contains),
  not_matches: absence(matches),
};

export const classOf = (test: ValueTest): TestClass => MEANINGS[test.operation]?.kind ?? 'unknown';

/** Whether the test fires on a value: a test that is negated fires unless it holds for sure. */
export function firesOn(test: ValueTest, negated: boolean, value: unknown): boolean {
  const meaning = MEANINGS[test.operation];
  if (!meaning) throw new RangeError(`no meaning is known for \`${test.operation}\``);
  return negated ? !meaning.definitely(value, test.operand) : meaning.maybe(value, test.operand);
}

/** The pattern whose language is the texts for which a text operation holds; `null` for other operations. */
export function languageOf({ operation, operand }: ValueTest): string | null {
  const x = String(operand);
  switch (operation) {
    case 'matches':
    case 'not_matches':
      return x;
    case 'contains':
    case 'not_contains':
      return quote(x);
    case 'starts_with':
      return `^${quote(x)}`;
    case 'ends_with':
      return `${quote(x)}$`;
    default:
      return null;
  }
}
