import type { OperandValue, Scalar } from '../ir/document.ts';
import {
  decimalText,
  isBlank,
  isNamed,
  isPrivateHost,
  mayBeNamed,
  readsLike,
  UnknownValue,
  wordsIn,
} from '../spelling/index.ts';
import { LENGTHS } from './lengths.ts';
import type { Lengths } from './lengths.ts';
import { compares, languagesOf } from './texts.ts';
import type { Comparison, Languages, Mode, ValueTest } from './texts.ts';
import { toldOf, unknownIn } from './unknown.ts';

export { operandsOf } from './texts.ts';
export type { ValueTest } from './texts.ts';

/**
 * What the operations mean, as plain functions of a value: the meaning that `compiler/operations` emits as code,
 * for proofs and counterexamples. `test/inherit/meaning.test.ts` holds the two against each other.
 */

/** What reading a path gives where it leads through something that is no object. */
export const BAD: object = Object.freeze({});

/** What kind of case distinction decides an operation. */
export type TestClass = 'scalar' | 'size' | 'text' | 'unknown';

interface Meaning {
  readonly kind: TestClass;
  /** Holds, or cannot tell. */
  readonly maybe: (v: unknown, x: OperandValue, test: ValueTest) => boolean;
  /** Holds for sure. */
  readonly definitely: (v: unknown, x: OperandValue, test: ValueTest) => boolean;
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

/** A comparison of a length with an interval; see `Sizes` in `compiler/operations/number.ts`. */
function sizeComparison(ofOperand: (x: OperandValue) => Lengths): Meaning {
  return {
    kind: 'size',
    maybe: (v, x) => {
      const [low, high] = ofOperand(x);
      return sizeOf(v) < 0 || (sizeOf(v) <= high && largestOf(v) >= low);
    },
    definitely: (v, x) => {
      const [low, high] = ofOperand(x);
      return sizeOf(v) >= low && sizeOf(v) >= 0 && largestOf(v) <= high;
    },
  };
}

export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Array.from(value).length;
  if (typeof value !== 'object' || value === null || value === BAD) return -1;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** The most that a tool may find in a value: with what is in arrays of arrays, and in texts that are lists of words. */
function largestOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return sizeOf(value);
  const inside = Array.isArray(value)
    ? value.reduce((sum: number, element) => sum + listed(element), 0)
    : Math.max(0, ...Object.values(value).map((member) => (Array.isArray(member) ? largestOf(member) : 0)));
  return Math.max(sizeOf(value), inside);
}

function listed(element: unknown): number {
  if (Array.isArray(element)) return largestOf(element);
  return typeof element === 'string' ? wordsIn(element) : 1;
}

const is = (v: unknown, x: Scalar, test: ValueTest, mode: Mode): boolean =>
  typeof v === 'string' && typeof x === 'string' ? compares('is', v, x, test, mode) : v === x;

/** Whether a value is one of the scalars, or may pass for it. */
function maybeOneOf(v: unknown, x: OperandValue, test: ValueTest): boolean {
  if (typeof v === 'object' && v !== null) return true;
  return listOf(x).some((item) => is(v, item, test, 'maybe')) || readsLike(v, listOf(x));
}

const surelyOneOf = (v: unknown, x: OperandValue, test: ValueTest): boolean =>
  listOf(x).some((item) => is(v, item, test, 'definitely'));
const equality: Meaning = { kind: 'scalar', maybe: maybeOneOf, definitely: surelyOneOf };
const inequality: Meaning = {
  kind: 'scalar',
  maybe: (v, x, test) => !surelyOneOf(v, x, test),
  definitely: (v, x, test) => !maybeOneOf(v, x, test),
};

/** The texts at or below a value: strings, keys, numbers as decimal text. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [decimalText(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(textsIn)
    : Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

function mayCompare(how: Comparison, text: string, x: string, test: ValueTest): boolean {
  const unknown = unknownIn(text, test);
  return unknown ? toldOf(test, unknown) !== false : compares(how, text, x, test, 'maybe');
}

function textTest(how: Comparison): Meaning {
  return {
    kind: 'text',
    maybe: (v, x, test) => v === BAD || textsIn(v).some((text) => mayCompare(how, text, String(x), test)),
    definitely: (v, x, test) => typeof v === 'string' && compares(how, v, String(x), test, 'definitely'),
  };
}

/** A test of one string; anything else cannot be told. */
function absence(how: Comparison): Meaning {
  return {
    kind: 'text',
    maybe: (v, x, test) => !(typeof v === 'string' && compares(how, v, String(x), test, 'definitely')),
    definitely: (v, x, test) => typeof v === 'string' && !compares(how, v, String(x), test, 'maybe'),
  };
}

function hasType(v: unknown, type: string): boolean {
  if (v === null) return type === 'null';
  if (typeof v === 'object') return type === (Array.isArray(v) ? 'array' : 'object');
  if (type === 'integer') return typeof v === 'number' && v % 1 === 0;
  return typeof v === type;
}

const requestOf = (
  x: OperandValue,
  { least = 1 }: ValueTest,
): { readonly text: string; readonly least: number } => ({ text: String(x), least });

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
    definitely: (v) => v !== undefined && v !== null && v !== BAD && !isBlank(v),
  },
  missing: {
    kind: 'scalar',
    maybe: (v) => v === undefined || v === null || v === BAD || isBlank(v),
    definitely: (v) => v === undefined,
  },
  type: {
    kind: 'scalar',
    maybe: (v, x) => v === BAD || hasType(v, String(x)),
    definitely: (v, x) => v !== BAD && hasType(v, String(x)),
  },
  ...Object.fromEntries(Object.entries(LENGTHS).map(([name, of]) => [name, sizeComparison(of)])),
  contains: textTest('contains'),
  starts_with: textTest('starts_with'),
  ends_with: textTest('ends_with'),
  matches: textTest('matches'),
  named_in: {
    kind: 'unknown',
    maybe: (v, x, test) => mayBeNamed(v, requestOf(x, test)),
    definitely: (v, x, test) => isNamed(v, requestOf(x, test)),
  },
  not_named_in: {
    kind: 'unknown',
    maybe: (v, x, test) => !isNamed(v, requestOf(x, test)),
    definitely: (v, x, test) => !mayBeNamed(v, requestOf(x, test)),
  },
  private_network: {
    kind: 'unknown',
    maybe: (v) => typeof v !== 'string' || isPrivateHost(v),
    definitely: (v) => typeof v === 'string' && isPrivateHost(v),
  },
  not_contains: absence('contains'),
  not_matches: absence('matches'),
};

/** Of several values each may be missing on its own; of what the caller says, and of what texts hold, nothing is known here. */
export const classOf = (test: ValueTest): TestClass =>
  test.optional || test.from || test.view ? 'unknown' : (MEANINGS[test.operation]?.kind ?? 'unknown');

/** Whether the test fires on a value: a test that is negated fires unless it holds for sure. */
export function firesOn(test: ValueTest, negated: boolean, value: unknown): boolean {
  const meaning = MEANINGS[test.operation];
  if (!meaning) throw new RangeError(`no meaning is known for \`${test.operation}\``);
  if (test.optional && value === undefined) return false;
  if (test.from) return firesUntold(test, negated, value);
  const unknown = unknownIn(value, test);
  // What is not told counts against the plan, whichever way the test is asked.
  if (unknown) return toldOf(test, unknown) !== negated;
  return negated ? !meaning.definitely(value, test.operand, test) : meaning.maybe(value, test.operand, test);
}

/** Where the caller says nothing, no test can tell, of whatever text there is. */
function firesUntold({ operation }: ValueTest, negated: boolean, value: unknown): boolean {
  const isOfTexts = MEANINGS[operation]?.kind === 'text' && !operation.startsWith('not_') && !negated;
  return !isOfTexts || value === BAD || value instanceof UnknownValue || textsIn(value).length > 0;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  matches: 'matches',
  not_matches: 'matches',
  contains: 'contains',
  not_contains: 'contains',
  starts_with: 'starts_with',
  ends_with: 'ends_with',
};

/** Patterns of the texts that a test looks for; `null` for tests that look for none. */
export function textLanguages(test: ValueTest, mode: Mode): Languages | null {
  const how = COMPARISONS[test.operation];
  return how ? languagesOf(how, test, mode) : null;
}
