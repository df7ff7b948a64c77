import type { NumberRange, TripKind, Trips } from '../ir/guard.ts';
import type { NarrowPass } from './pass.ts';

const { MAX_VALUE } = Number;

/** The next number above or below: a range with its end left out is one with the neighbour as its end. */
function neighbour(x: number, up: boolean): number {
  if (x === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE;
  DOUBLE[0] = x;
  BITS[0] = (BITS[0] ?? 0n) + (x > 0 === up ? 1n : -1n);
  return DOUBLE[0];
}

const DOUBLE = new Float64Array(1);
const BITS = new BigInt64Array(DOUBLE.buffer);

const upTo = (high: number): NumberRange => ({ low: -MAX_VALUE, high });
const from = (low: number): NumberRange => ({ low, high: MAX_VALUE });

/** Numbers for which the test fails, or those for which it holds. */
const RANGES: Readonly<Record<string, (x: number, holds: boolean) => NumberRange>> = {
  gt: (x, holds) => (holds ? from(neighbour(x, true)) : upTo(x)),
  gte: (x, holds) => (holds ? from(x) : upTo(neighbour(x, false))),
  lt: (x, holds) => (holds ? upTo(neighbour(x, false)) : from(x)),
  lte: (x, holds) => (holds ? upTo(x) : from(neighbour(x, true))),
};

/** Thresholds on an argument: a number within them does not fire, anything else may. */
export const byNumber: NarrowPass = {
  name: 'by-number',
  triggers({ path, test, negated }) {
    const [arg] = path ?? [];
    if (path?.length !== 1 || typeof arg !== 'string') return null;
    const numbers = passing(test.operation, test.operand, negated);
    if (!numbers) return null;
    const trips = ofNumbers(numbers, kindOf(test.operation, negated));
    return [{ by: 'argument', arg, trips: test.optional ? whereThere(trips) : trips }];
  },
};

/** Above which numbers or so the test holds, and where it is negated. */
const KINDS: Readonly<Record<string, readonly [TripKind, TripKind]>> = {
  gt: [{ by: 'above' }, { by: 'atMost' }],
  gte: [{ by: 'atLeast' }, { by: 'below' }],
  lt: [{ by: 'below' }, { by: 'atLeast' }],
  lte: [{ by: 'atMost' }, { by: 'above' }],
};

const kindOf = (operation: string, negated: boolean): TripKind =>
  KINDS[operation]?.[negated ? 1 : 0] ?? { by: 'within' };

const ofNumbers = (numbers: NumberRange, kind: TripKind): Trips => ({
  kind,
  everyText: true,
  literals: true,
  missing: true,
  numbers,
  equal: [],
  sought: [],
});

/** The same of an argument that may be missing, which does not follow from the operand alone. */
const whereThere = ({ everyText, literals, numbers, equal, sought }: Trips): Trips => ({
  everyText,
  literals,
  missing: false,
  numbers,
  equal,
  sought,
});

function passing(operation: string, operand: unknown, negated: boolean): NumberRange | null {
  if (operation === (negated ? 'between' : 'not_between')) {
    const [low = 0, high = 0] = operand as readonly number[];
    return { low, high };
  }
  return typeof operand === 'number' ? (RANGES[operation]?.(operand, negated) ?? null) : null;
}
