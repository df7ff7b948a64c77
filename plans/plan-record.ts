/** A plan with the circumstances it was decided in: `{plan, context, now}`, as services write it into their logs. */
import { readPlan, refused } from './read.ts';
import type { PlanProblem } from './read.ts';

/** Who asked, and when; what is absent is for the caller to say. */
export interface Circumstances {
  readonly context?: unknown;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

export type RecordReading =
  | { readonly ok: true; readonly plan: unknown; readonly circumstances: Circumstances }
  | { readonly ok: false; readonly problem: PlanProblem };

/**
 * Reads one record, as strictly as a plan. Whatever else stands in it (the decision that was made, say) is left aside. A plan is
 * never taken for a record, nor the other way round: its author could vouch for itself.
 *
 * @example readRecord('{"plan": {"steps": []}, "context": {"role": "analyst"}, "now": "2026-06-01T00:00:00Z"}')
 */
export function readRecord(source: string | Uint8Array): RecordReading {
  const reading = readPlan(source);
  if (!reading.ok) return reading;
  const record = reading.plan;
  if (typeof record !== 'object' || record === null || !Object.hasOwn(record, 'plan') || 'steps' in record)
    return refused('plan.unreadable', 'not a record {plan, context, now}', null);
  const { plan, context, now } = record as {
    readonly plan: unknown;
    readonly context?: unknown;
    readonly now?: unknown;
  };
  const instant = now === undefined ? undefined : instantOf(now);
  if (instant === null)
    return refused('plan.unreadable', '`now` of the record is no instant such as 2026-06-01T00:00:00Z', null);
  return {
    ok: true,
    plan,
    circumstances: {
      ...(context !== undefined && { context }),
      ...(instant !== undefined && { now: instant }),
    },
  };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds, or RFC 3339 with its zone; `null` for anything else. */
function instantOf(written: unknown): number | null {
  if (typeof written === 'number') return written;
  if (typeof written !== 'string' || !INSTANT.test(written)) return null;
  const at = Date.parse(written);
  return Number.isNaN(at) ? null : at;
}
