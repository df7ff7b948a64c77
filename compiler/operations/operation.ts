import type { Code } from '../code/code.ts';
import type { OperandValue, Scalar } from '../ir/document.ts';

/**
 * An operation of the pattern language. A test on one value has three outcomes: it holds, it does not, or it
 * cannot tell (a number was needed and there is a string). A rule fires unless its condition is known not to
 * hold, so emission asks each test two questions: `maybe` (holds or cannot tell) and `definitely` (holds).
 *
 * In emitted code `v` is the value; `undefined` where the argument is missing, and the support constant `bad`
 * where the path leads through something that is not an object.
 */
export type Operation = ValueOperation | TextOperation;

interface Common {
  readonly name: OperationName;
  readonly operand: OperandKind;
  /** May stand without `arg`, meaning every string anywhere in the arguments. */
  readonly anywhere: boolean;
  /**
   * What a message says of the argument for which the test holds, or for which it does not (`negated`): "is
   * greater than 10000". Never holds the argument's own text.
   */
  readonly says: (operand: OperandValue, negated: boolean) => string;
  /** A message may show the argument's value, which is a number where the test could tell. */
  readonly showsNumber?: true;
  /** Support code that the emitted test names. */
  readonly uses?: readonly (
    'bad' | 'fin' | 'isType' | 'readsLike' | 'isBlank' | 'isNamed' | 'mayBeNamed' | 'isPrivateHost'
  )[];
}

/**
 * How a string is compared with the texts of an operand. An `opposite` operation is known to hold where the text is
 * known not to be there.
 */
export interface TextMeaning {
  readonly how: TextComparison;
  readonly opposite?: true;
}

export type TextComparison = 'is' | 'contains' | 'starts_with' | 'ends_with' | 'matches';

/**
 * Tests one value. `x` is the operand as code; for operations that compare texts (`comparesTexts`) it is a function
 * of one string that says whether it is one of the texts, or is found.
 */
export interface ValueOperation extends Common {
  readonly reads: 'value' | 'size';
  readonly comparesTexts?: TextMeaning;
  readonly maybe: (v: Code, x: Code, operand: OperandValue) => Code;
  readonly definitely: (v: Code, x: Code, operand: OperandValue) => Code;
}

/**
 * Tests every text at or below the argument: strings, object keys, and numbers as their decimal text. It holds for
 * sure of one string only; of an array, object or number in which a text satisfies it, it cannot tell.
 */
export interface TextOperation extends Common {
  readonly reads: 'texts';
  readonly comparesTexts: TextMeaning;
}

export const OPERATION_NAMES = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'not_matches',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'not_between',
  'exists',
  'missing',
  'type',
  'length_equals',
  'length_gt',
  'length_gte',
  'length_lt',
  'length_lte',
  'length_between',
  'named_in',
  'not_named_in',
  'private_network',
] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];

export const TYPE_NAMES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;

/** What an operation takes as its `value`. */
export type OperandKind =
  | 'none'
  | 'number'
  | 'interval'
  | 'count'
  | 'count-interval'
  | 'scalar'
  | 'scalars'
  | 'text'
  | 'pattern'
  | 'type'
  | 'request';

interface OperandCheck {
  readonly expected: string;
  readonly accepts: (value: OperandValue) => boolean;
}

const isNumber = (value: OperandValue | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const isCount = (value: OperandValue | undefined): boolean =>
  isNumber(value) && Number.isInteger(value) && value >= 0;
const isText = (value: OperandValue): boolean => typeof value === 'string' && value !== '';
const isScalar = (value: OperandValue): value is Scalar =>
  !Array.isArray(value) && (typeof value !== 'number' || isNumber(value));
const isPair = (value: OperandValue, of: (item: Scalar | undefined) => boolean): boolean =>
  Array.isArray(value) &&
  value.length === 2 &&
  of(value[0] as Scalar) &&
  of(value[1] as Scalar) &&
  Number(value[0]) <= Number(value[1]);

export const OPERANDS: Readonly<Record<OperandKind, OperandCheck>> = {
  none: { expected: 'no value', accepts: () => false },
  number: { expected: 'a finite number', accepts: isNumber },
  interval: { expected: 'a list of two numbers, the smaller first', accepts: (v) => isPair(v, isNumber) },
  count: { expected: 'a whole number from 0', accepts: isCount },
  'count-interval': {
    expected: 'a list of two whole numbers from 0, the smaller first',
    accepts: (v) => isPair(v, isCount),
  },
  scalar: { expected: 'a string, number, boolean or null', accepts: isScalar },
  scalars: {
    expected: 'a list of strings, numbers, booleans or nulls',
    accepts: (v) => Array.isArray(v) && v.length > 0 && v.every(isScalar),
  },
  text: { expected: 'a string that is not empty', accepts: isText },
  pattern: { expected: 'a regular expression as a string that is not empty', accepts: isText },
  type: { expected: 'the name of a JSON type', accepts: (v) => TYPE_NAMES.some((type) => type === v) },
  request: {
    expected: 'no `value`, but `value_from` with the text of what the user asked',
    accepts: () => false,
  },
};

/** Operands that the caller may give when a plan is decided, by `value_from`. */
export const CALLER_OPERANDS: readonly OperandKind[] = ['number', 'scalar', 'scalars', 'text', 'request'];

/** A scalar as a message shows it. */
export function show(value: OperandValue): string {
  return Array.isArray(value) ? (value as readonly Scalar[]).map(show).join(', ') : JSON.stringify(value);
}
