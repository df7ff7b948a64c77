import { spend } from './budget.ts';
import type { Budget } from './budget.ts';
import { celLess, sign } from './compare.ts';
import { int64, isIntegral, numeric, toBigint, uint64, UINT_MAX } from './number.ts';
import { BAD_ARGUMENT, CelFailure, CelUint, failed, isList, TOO_MUCH, uint } from './value.ts';

/** The math extension (cel-go ext/README.md "Math"). */

/** The largest element of a list of numbers; the first of equal ones. */
export function celGreatest(budget: Budget, list: unknown): unknown {
  return extreme(budget, list, (best, element) => celLess(budget, best, element));
}

export function celLeast(budget: Budget, list: unknown): unknown {
  return extreme(budget, list, (best, element) => celLess(budget, element, best));
}

function extreme(
  budget: Budget,
  list: unknown,
  better: (best: unknown, element: unknown) => unknown,
): unknown {
  if (!isList(list)) return numeric(list) === null ? failed(list) : list;
  if (list.length === 0) return BAD_ARGUMENT;
  if (!spend(budget, list.length)) return TOO_MUCH;
  let best: unknown = list[0];
  for (const element of list) {
    if (numeric(element) === null) return failed(element);
    const isBetter = better(best, element);
    if (isBetter instanceof CelFailure) return isBetter;
    if (isBetter === true) best = element;
  }
  return best;
}

function rounding(round: (value: number) => number): (value: unknown) => unknown {
  return (value) => {
    if (typeof value !== 'number') return failed(value);
    return isIntegral(value) || value - value !== 0 ? value : round(value);
  };
}

const truncate = (value: number): number => value - (value % 1);

export const celTrunc = /* @__PURE__ */ rounding(truncate);
export const celFloor = /* @__PURE__ */ rounding((value) =>
  value < 0 ? truncate(value) - 1 : truncate(value),
);
export const celCeil = /* @__PURE__ */ rounding((value) =>
  value > 0 ? truncate(value) + 1 : truncate(value),
);

/** Ties away from zero. */
export const celRound = /* @__PURE__ */ rounding((value) => {
  const whole = truncate(value);
  const rest = value - whole;
  if (rest >= 0.5) return whole + 1;
  return rest <= -0.5 ? whole - 1 : whole;
});

export function celAbs(value: unknown): unknown {
  if (typeof value === 'number') return value < 0 ? -value : value;
  if (typeof value === 'bigint') return int64(value < 0n ? -value : value);
  return value instanceof CelUint ? value : failed(value);
}

/** -1, 0 or 1 of the same type; NaN stays. */
export function celSign(value: unknown): unknown {
  if (typeof value === 'number') return sign(value, 0) || value;
  if (typeof value === 'bigint') return toBigint(sign(value, 0n));
  return value instanceof CelUint ? uint(value.value > 0n ? 1n : 0n) : failed(value);
}

function test(check: (value: number) => boolean): (value: unknown) => unknown {
  return (value) => (typeof value === 'number' ? check(value) : failed(value));
}

const isNan = (value: number): boolean => value !== value;
const isFinite = (value: number): boolean => value - value === 0;

export const celIsNan = /* @__PURE__ */ test(isNan);
export const celIsFinite = /* @__PURE__ */ test(isFinite);
export const celIsInf = /* @__PURE__ */ test((value) => !isNan(value) && !isFinite(value));

function bitwise(
  combine: (left: bigint, right: bigint) => bigint,
): (left: unknown, right: unknown) => unknown {
  return (left, right) => {
    if (typeof left === 'bigint' && typeof right === 'bigint') return int64(combine(left, right));
    if (left instanceof CelUint && right instanceof CelUint) return uint64(combine(left.value, right.value));
    return failed(left, right);
  };
}

export const celBitAnd = /* @__PURE__ */ bitwise((left, right) => left & right);
export const celBitOr = /* @__PURE__ */ bitwise((left, right) => left | right);
export const celBitXor = /* @__PURE__ */ bitwise((left, right) => left ^ right);

export function celBitNot(value: unknown): unknown {
  if (typeof value === 'bigint') return ~value;
  return value instanceof CelUint ? uint(UINT_MAX - value.value) : failed(value);
}

/** Bits that leave the 64 are lost; by 64 or more the result is 0, by a negative number there is none. */
export function celShiftLeft(value: unknown, by: unknown): unknown {
  if (typeof by !== 'bigint') return failed(value, by);
  if (by < 0n) return BAD_ARGUMENT;
  if (typeof value === 'bigint') return by > 63n ? 0n : signed((value << by) & UINT_MAX);
  if (!(value instanceof CelUint)) return failed(value);
  return uint(by > 63n ? 0n : (value.value << by) & UINT_MAX);
}

/** A logical shift: zeros come in from the left, for int too. */
export function celShiftRight(value: unknown, by: unknown): unknown {
  if (typeof by !== 'bigint') return failed(value, by);
  if (by < 0n) return BAD_ARGUMENT;
  if (typeof value === 'bigint') return by > 63n ? 0n : signed((value & UINT_MAX) >> by);
  if (!(value instanceof CelUint)) return failed(value);
  return uint(by > 63n ? 0n : value.value >> by);
}

function signed(bits: bigint): bigint {
  return bits > UINT_MAX / 2n ? bits - UINT_MAX - 1n : bits;
}
