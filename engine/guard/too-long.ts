import { DENY, waiverOf } from '../module/judge.ts';
import type { Subject } from '../module/judge.ts';
import { openRow } from '../module/rows.ts';
import { within } from './ranges.ts';
import type { Entry } from '../module/tables.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Shorter plans get all that is to be said of them, whatever `max_steps` says. */
const ALWAYS_ASKED = 256;

/**
 * Of a plan that may not have been checked yet: the pair of the entry's `max_steps` where it alone denies the plan: what every rule says of every step of ten thousand is
 * work that nobody needs. One that is waived, or does not deny, leaves the other rules to be asked.
 */
export function tooLong(subject: Subject, entry: Entry): readonly number[] | null {
  const { tables, plan } = subject;
  const steps = (plan as { readonly steps?: unknown } | null | undefined)?.steps;
  if (!isArray(steps) || steps.length <= ALWAYS_ASKED) return null;
  for (const [index, limit] of tables.stepLimits) {
    const isBroken = steps.length > limit && within(entry.rules, index);
    if (!isBroken || openRow(tables.rules[index])?.enforcement !== DENY) continue;
    if (waiverOf(subject, entry, index, -1) === undefined) return [index, -1];
  }
  return null;
}
