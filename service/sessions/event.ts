/** The lines of sessions: what each of them says, whoever it is that asked. */
import type { Decision } from '@plan-lint/runtime';
import type { CallDecision } from '@plan-lint/runtime/session';
import { randomUUID } from 'node:crypto';
import { eventWithoutPlan } from '../audit/event.ts';
import type { AuditEvent } from '../audit/event.ts';
import { planIdOf } from '../decide/decision.ts';
import type { Slot } from '../policy/slot.ts';
import type { SessionRow } from './row.ts';
import type { Ended } from './live.ts';

/** Of which session, by which bundle, and what was decided. */
export function sessionParts(
  { row, slot }: { readonly row: SessionRow; readonly slot: Slot },
  decision?: CallDecision | Decision,
) {
  const data = decision?.toJSON();
  return {
    plan_id: row.kind === 'run' ? planIdOf(row.plan) : 'unknown',
    policy_id: row.entry ?? slot.bundle.identity.name,
    ...(data && {
      result: {
        is_valid: data.is_valid,
        violation_count: data.violations.length,
        violations: data.violations,
      },
      status: data.status,
      risk_score: data.risk_score,
    }),
    bundle: `sha256:${row.digest}`,
    ...(row.entry !== null && { entry: row.entry }),
    via: 'session',
  } satisfies Partial<AuditEvent>;
}

/**
 * Of a session that ends because nobody asked for it any more; what was still owed stands in it. Where its bundle is no longer here, nobody
 * can say what was: the line has no result, and says so.
 */
export function expiredEvent(
  { row, slot }: Ended,
  decision: Decision | null,
  environment: string,
): AuditEvent {
  const detail = { session: row.id, reason: 'idle' };
  if (!slot || !decision)
    return eventWithoutPlan(
      'session_closed',
      { user: row.subject },
      {
        ...(row.entry !== null && { policy: row.entry }),
        bundle: `sha256:${row.digest}`,
        via: 'session',
        detail: { ...detail, undecided: 'the bundle is no longer here' },
      },
    );
  return {
    action: 'session_closed',
    user: row.subject,
    ...sessionParts({ row, slot }, decision),
    decision_id: randomUUID(),
    environment,
    detail,
  };
}
