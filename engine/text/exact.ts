/**
 * Sums of decimals, exact. Nearly all amounts are a whole number of millionths that a double holds, and are added as such; the
 * others as whole numbers of 10^-324 (`scaled`), which cost a hundred times as much.
 */
import { digitsOf, scaled } from './decimal.ts';

/** A number of millionths, or a bigint of 10^-324. */
export type Exact = number | bigint;

const MILLION = 1e6;
const IN_MILLIONTHS = 1_000_000n;
/** Up to fifteen digits two decimals are never read as the same double. */
const MOST_DIGITS = 1e15;
const MOST_SAFE = 9007199254740991;

/** @param value - finite, from 0 */
export function exactly(value: number): Exact {
  const times = value * MILLION;
  if (times < MOST_DIGITS || (value % 1 === 0 && times <= MOST_SAFE)) {
    // Without `Math`, which a module has no name for: the nearest whole number.
    const whole = times + 0.5 - ((times + 0.5) % 1);
    if (whole / MILLION === value) return whole;
  }
  return scaled(value);
}

const wide = (value: Exact): bigint => (typeof value === 'bigint' ? value : ofWhole(value) / IN_MILLIONTHS);

const ofWhole = (value: number): bigint => (value < 0 ? -scaled(-value) : scaled(value));

/** What no number of millionths is more than. */
const MOST_NARROW = wide(MOST_SAFE);

export function plus(one: Exact, other: Exact): Exact {
  if (typeof one === 'number' && typeof other === 'number') {
    const sum = one + other;
    if (sum <= MOST_SAFE && sum >= -MOST_SAFE) return sum;
  }
  return wide(one) + wide(other);
}

export const negated = (value: Exact): Exact => -value;

export function exceeds(one: Exact, other: Exact): boolean {
  if (typeof one === typeof other) return one > other;
  if (typeof one === 'number' && other > MOST_NARROW) return false;
  return wide(one) > wide(other);
}

/** As JSON can hold it: a bigint as its decimal text. */
export const keptExact = (value: Exact): number | string => (typeof value === 'number' ? value : `${value}`);

export const openExact = (kept: number | string): Exact => (typeof kept === 'number' ? kept : digitsOf(kept));
