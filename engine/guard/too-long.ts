import { DENY, waiverOf } from '../module/judge.ts';
import type { Question } from '../module/judge.ts';
import { within } from './ranges.ts';
import type { Entry } from '../module/tables.ts';

/** Shorter plans get all that is to be said of them, whatever `max_steps` says. */
const ALWAYS_ASKED = 256;

/** The column of a rule's row. */
const ENFORCEMENT = 4;

/**
 * The pair of the entry's `max_steps` where it alone denies the plan: what every rule says of every step of ten thousand is
 * work that nobody needs. One that is waived, or does not deny, leaves the other rules to be asked.
 */
export function tooLong(question: Question, entry: Entry): readonly number[] | null {
  const { tables, plan } = question;
  const { length } = (plan as { readonly steps: readonly unknown[] }).steps;
  if (length <= ALWAYS_ASKED) return null;
  for (const [index, limit] of tables.stepLimits) {
    const isBroken = length > limit && within(entry.rules, index);
    if (!isBroken || tables.rules[index]?.[ENFORCEMENT] !== DENY) continue;
    if (waiverOf(question, entry, index, -1) === undefined) return [index, -1];
  }
  return null;
}
