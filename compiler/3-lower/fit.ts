import type { JsonValue } from '../ir/catalog.ts';
import type { OperandValue, Scalar } from '../ir/document.ts';
import type { OperationName } from '../operations/index.ts';
import { typeOf } from './reach.ts';
import type { Reach, ReachType } from './reach.ts';

const NUMBERS: readonly ReachType[] = ['integer', 'fraction'];
const NAMED: readonly ReachType[] = ['string', ...NUMBERS];
const SIZED: readonly ReachType[] = ['string', 'array', 'object'];

/** The types of which a value must be for an operation to tell anything; absent: every type will do. */
const NEEDS: Readonly<Partial<Record<OperationName, readonly ReachType[]>>> = {
  gt: NUMBERS,
  gte: NUMBERS,
  lt: NUMBERS,
  lte: NUMBERS,
  between: NUMBERS,
  not_between: NUMBERS,
  contains: SIZED,
  starts_with: SIZED,
  ends_with: SIZED,
  matches: SIZED,
  not_contains: ['string'],
  not_matches: ['string'],
  length_equals: SIZED,
  length_gt: SIZED,
  length_gte: SIZED,
  length_lt: SIZED,
  length_lte: SIZED,
  length_between: SIZED,
  named_in: NAMED,
  not_named_in: NAMED,
};

const COMPARES: readonly OperationName[] = ['equals', 'not_equals', 'in', 'not_in'];

export type Misfit =
  /** No value the argument can have is of a type that the operation looks at. */
  | { readonly kind: 'type'; readonly is: string }
  /** The argument never has any of these values; `some`: of several values, it can have others. */
  | {
      readonly kind: 'value';
      readonly values: readonly Scalar[];
      readonly is: string;
      readonly some: boolean;
    };

/** Why a test can never do what it says on an argument of this reach, or `null`. */
export function misfit(operation: OperationName, operand: OperandValue, reach: Reach): Misfit | null {
  const needs = NEEDS[operation];
  const { types, values } = reach;
  const possible = values ? values.map(typeOf).filter((type) => types.has(type)) : [...types];
  if (needs && !possible.some((type) => needs.includes(type))) return { kind: 'type', is: describe(reach) };
  if (!COMPARES.includes(operation)) return null;
  const wanted = Array.isArray(operand) ? (operand as readonly Scalar[]) : [operand as Scalar];
  const never = wanted.filter((value) => !canBe(value, reach));
  if (never.length === 0) return null;
  return { kind: 'value', values: never, is: describe(reach), some: never.length < wanted.length };
}

/** Why no text of an argument of this reach can be read, or `null`: it is none. */
export const misfitOfText = (reach: Reach): Misfit | null =>
  (reach.values?.map(typeOf) ?? [...reach.types]).includes('string')
    ? null
    : { kind: 'type', is: describe(reach) };

function canBe(value: Scalar, { types, values }: Reach): boolean {
  if (!types.has(typeOf(value))) return false;
  return values === null || values.includes(value);
}

const WORDS: Readonly<Record<ReachType, string>> = {
  null: 'null',
  boolean: 'true or false',
  string: 'a string',
  integer: 'a whole number',
  fraction: 'a number',
  array: 'a list',
  object: 'an object',
};

const MOST_VALUES = 6;

/** What an argument is, in words. */
function describe({ types, values }: Reach): string {
  if (values && values.length > 0 && values.length <= MOST_VALUES && values.every(isScalar)) {
    return `one of ${values.map((value) => `\`${String(value)}\``).join(', ')}`;
  }
  if (values) return 'one of the values that the catalog lists';
  const words = [...types]
    .filter((type) => type !== 'integer' || !types.has('fraction'))
    .map((type) => WORDS[type]);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

const isScalar = (value: JsonValue): value is Scalar => typeof value !== 'object' || value === null;
