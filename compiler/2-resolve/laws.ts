/**
 * The merge laws: one small function a row of the table in `docs/inheritance.md`. Each says what an inherited
 * value and a further one become together, and whether the further one alone would be weaker. Joins are
 * commutative, associative and idempotent, so the order of parents does not matter.
 */
export interface Law<T> {
  readonly says: string;
  readonly join: (a: T, b: T) => T;
  /** Whether a child that writes `child` asks for less than it inherits. */
  readonly weakens: (parent: T, child: T) => boolean;
}

export interface Interval {
  readonly min: number | null;
  readonly max: number | null;
}

export const limit: Law<number> = {
  says: 'the smaller limit holds',
  join: Math.min,
  weakens: (parent, child) => child > parent,
};

export const threshold: Law<number> = {
  says: 'the lower threshold holds',
  join: Math.min,
  weakens: (parent, child) => child > parent,
};

export const weight: Law<number> = {
  says: 'the larger weight holds',
  join: Math.max,
  weakens: (parent, child) => child < parent,
};

/** The sum of weights is never below the largest of them. */
export const aggregate: Law<'sum' | 'max'> = {
  says: '`sum` is stricter than `max`',
  join: (a, b) => (a === 'sum' || b === 'sum' ? 'sum' : 'max'),
  weakens: (parent, child) => parent === 'sum' && child === 'max',
};

const low = (end: number | null): number => end ?? -Infinity;
const high = (end: number | null): number => end ?? Infinity;
const closed = (end: number): number | null => (Number.isFinite(end) ? end : null);

/** An empty join is an error of the policy, found by `isEmpty`. */
export const interval: Law<Interval> = {
  says: 'intervals are intersected',
  join: (a, b) => ({
    min: closed(Math.max(low(a.min), low(b.min))),
    max: closed(Math.min(high(a.max), high(b.max))),
  }),
  weakens: (parent, child) => low(child.min) < low(parent.min) || high(child.max) > high(parent.max),
};

export const isEmpty = (i: Interval): boolean => low(i.min) > high(i.max);

export const showInterval = (i: Interval): string => `[${i.min ?? 'null'}, ${i.max ?? 'null'}]`;
