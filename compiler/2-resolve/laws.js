import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
export const limit = {
  says: 'the smaller limit holds',
  join: Math.min,
  weakens: (parent, child) => child > parent,
};
export const threshold = {
  says: 'the lower threshold holds',
  join: Math.min,
  weakens: (parent, child) => child > parent,
};
export const weight = {
  says: 'the larger weight holds',
  join: Math.max,
  weakens: (parent, child) => child < parent,
};
const strongest = (order) => (a, b) => (order.indexOf(a) >= order.indexOf(b) ? a : b);
export const severity = {
  says: 'the higher severity holds',
  join: strongest(SEVERITIES),
  weakens: (parent, child) => SEVERITIES.indexOf(child) < SEVERITIES.indexOf(parent),
};
export const enforcement = {
  says: 'the stronger enforcement holds',
  join: strongest(ENFORCEMENTS),
  weakens: (parent, child) => ENFORCEMENTS.indexOf(child) < ENFORCEMENTS.indexOf(parent),
};
/** The sum of weights is never below the largest of them. */
export const aggregate = {
  says: '`sum` is stricter than `max`',
  join: (a, b) => (a === 'sum' || b === 'sum' ? 'sum' : 'max'),
  weakens: (parent, child) => parent === 'sum' && child === 'max',
};
const low = (end) => end ?? -Infinity;
const high = (end) => end ?? Infinity;
const closed = (end) => (Number.isFinite(end) ? end : null);
/** An empty join is an error of the policy, found by `isEmpty`. */
export const interval = {
  says: 'intervals are intersected',
  join: (a, b) => ({
    min: closed(Math.max(low(a.min), low(b.min))),
    max: closed(Math.min(high(a.max), high(b.max))),
  }),
  weakens: (parent, child) => low(child.min) < low(parent.min) || high(child.max) > high(parent.max),
};
export const isEmpty = (i) => low(i.min) > high(i.max);
/** Whether every number of `inner` is one of `outer`. */
export const isWithin = (inner, outer) => !interval.weakens(outer, inner);
const numbers = (join, says) => ({
  says,
  join: (a, b) => join(Number(a), Number(b)),
  weakens: (parent, child) => join(Number(parent), Number(child)) !== Number(child),
});
const asSet = (value) => (Array.isArray(value) ? value : []);
/** What a parameter's `tighten` promises. */
export const tightenings = {
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
