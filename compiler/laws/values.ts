import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { Enforcement, Severity } from '@plan-lint/runtime/contract';
import { RESULT_ACTIONS } from '../ir/document.ts';
import type { Interval, ReferenceMode, ResultAction, Scalar, Tightening } from '../ir/document.ts';

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

/** How long an exception may last, in milliseconds. */
export const maxException: Law<number> = {
  says: 'the shorter time holds',
  join: Math.min,
  weakens: (parent, child) => child > parent,
};

export const weight: Law<number> = {
  says: 'the larger weight holds',
  join: Math.max,
  weakens: (parent, child) => child < parent,
};

const strongest =
  <T>(order: readonly T[]) =>
  (a: T, b: T): T =>
    order.indexOf(a) >= order.indexOf(b) ? a : b;

export const severity: Law<Severity> = {
  says: 'the higher severity holds',
  join: strongest(SEVERITIES),
  weakens: (parent, child) => SEVERITIES.indexOf(child) < SEVERITIES.indexOf(parent),
};

export const enforcement: Law<Enforcement> = {
  says: 'the stronger enforcement holds',
  join: strongest(ENFORCEMENTS),
  weakens: (parent, child) => ENFORCEMENTS.indexOf(child) < ENFORCEMENTS.indexOf(parent),
};

export const resultAction: Law<ResultAction> = {
  says: '`block` is stricter than `redact`',
  join: strongest(RESULT_ACTIONS),
  weakens: (parent, child) => RESULT_ACTIONS.indexOf(child) < RESULT_ACTIONS.indexOf(parent),
};

/** The sum of weights is never below the largest of them. */
export const aggregate: Law<'sum' | 'max'> = {
  says: '`sum` is stricter than `max`',
  join: (a, b) => (a === 'sum' || b === 'sum' ? 'sum' : 'max'),
  weakens: (parent, child) => parent === 'sum' && child === 'max',
};

/** A switch that is on stays on. */
const stays = (says: string): Law<boolean> => ({
  says,
  join: (a, b) => a || b,
  weakens: (parent, child) => parent && !child,
});

/** What is not known counts against the plan, unless a rule says otherwise. */
export const references: Law<ReferenceMode | undefined> = {
  says: '`check` is stricter than `allow`',
  join: (a, b) => (a === 'allow' && b === 'allow' ? 'allow' : undefined),
  weakens: (parent, child) => parent !== 'allow' && child === 'allow',
};

/** Whether an argument may be left out; a file that does not say keeps what it inherits. */
export const optional: Law<boolean | undefined> = {
  says: 'an argument that must be there stays one',
  join: (a, b) => a === true && b === true,
  weakens: (parent, child) => parent !== true && child === true,
};

export const onlyCatalog = stays('once only the tools of the catalog are allowed, no others are');
export const final = stays('once final, always final');
export const validateArgs = stays('once arguments are held against the catalog, they stay so');

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

/** Whether every number of `inner` is one of `outer`. */
export const isWithin = (inner: Interval, outer: Interval): boolean => !interval.weakens(outer, inner);

const numbers = (join: (a: number, b: number) => number, says: string): Law<unknown> => ({
  says,
  join: (a, b) => join(Number(a), Number(b)),
  weakens: (parent, child) => join(Number(parent), Number(child)) !== Number(child),
});

const asSet = (value: unknown): readonly Scalar[] =>
  Array.isArray(value) ? (value as readonly Scalar[]) : [];

/** What a parameter's `tighten` promises. */
export const tightenings: Readonly<Record<Tightening, Law<unknown>>> = {
  lower: numbers(Math.min, 'a parameter that tightens lower may only be lowered'),
  higher: numbers(Math.max, 'a parameter that tightens higher may only be raised'),
  add: {
    says: 'a list that tightens by adding may only grow',
    join: (a, b) => [...new Set([...asSet(a), ...asSet(b)])],
    weakens: (parent, child) => !asSet(parent).every((item) => asSet(child).includes(item)),
  },
  remove: {
    says: 'a list that tightens by removing may only shrink',
    join: (a, b) => asSet(a).filter((item) => asSet(b).includes(item)),
    weakens: (parent, child) => !asSet(child).every((item) => asSet(parent).includes(item)),
  },
};
