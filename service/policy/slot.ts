/** A bundle that decides, with what is asked of it at every request worked out once. */
import type { Bundle } from '@plan-lint/runtime';
import type { Candidate } from './candidate.ts';

export interface Slot {
  readonly bundle: Bundle;
  readonly candidate: Candidate;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** `bundle.identity` as JSON. */
  readonly identityJson: string;
  /** Rules that decide, by entry; `null` for all entries together. */
  readonly ruleCount: (entry: string | null) => number;
}

export function slotOf(bundle: Bundle, candidate: Candidate, since: number): Slot {
  const { entries } = bundle.policy().parts.module.facts();
  const counts = new Map(entries.map(({ name, rules }) => [name, lengthOf(rules)]));
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    bundle,
    candidate,
    since,
    identityJson: JSON.stringify(bundle.identity),
    ruleCount: (entry) => (entry === null ? all : (counts.get(entry) ?? 0)),
  };
}

/** Ranges as the module has them: the first, and the one behind the last, in turn. */
function lengthOf(ranges: readonly number[]): number {
  let length = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2) length += (ranges[i + 1] ?? 0) - (ranges[i] ?? 0);
  return length;
}
