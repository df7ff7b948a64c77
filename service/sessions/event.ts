/** The lines of sessions: what each of them says, whoever it is that asked. */
import type { Decision } from '@plan-lint/runtime';
import type { CallDecision } from '@plan-lint/runtime/session';
import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import { planIdOf } from '../decide/decision.ts';
import type { Live } from './sessions.ts';

/** Of which session, by which bundle, and what was decided. */
export function sessionParts({ row, slot }: Pick<Live, 'row' | 'slot'>, decision?: CallDecision | Decision) {
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

/** Of a session that ends because nobody asked for it any more; what was still owed stands in it. */
export const expiredEvent = (live: Live, decision: Decision, environment: string): AuditEvent => ({
  action: 'session_closed',
  user: live.row.subject,
  ...sessionParts(live, decision),
  decision_id: randomUUID(),
  environment,
  detail: { session: live.row.id, reason: 'idle' },
});
