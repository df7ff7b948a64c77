/** An outcome is written down and counted before anybody is told. */
import { HttpError, retryAfter } from '../http/error.ts';
import type { Deps } from '../deps.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Outcome } from './decision.ts';

/** Whether the line was written; `false` only where `audit.on_failure: allow` says so. */
export type Recorded = boolean;

/** @throws HttpError `audit_unavailable` */
export async function record(event: AuditEvent, { audit, config, metrics, log }: Deps): Promise<Recorded> {
  try {
    await audit.append(event);
    return true;
  } catch (error) {
    metrics.failed('audit');
    if (config.audit.on_failure === 'allow') {
      log.warn({ err: error, decision_id: event.decision_id }, 'a decision is not in the audit log');
      return false;
    }
    throw new HttpError('audit_unavailable', undefined, retryAfter(1));
  }
}

/** @param start - of the request, by `performance.now` */
export function count(outcome: Outcome, team: string | null, start: number, { metrics }: Deps): void {
  const { violations, steps, rules } = outcome;
  metrics.decided({ team, violations, steps, rules, seconds: (performance.now() - start) / 1000 });
}

/** What an answer has that nobody wrote down. */
export const UNAUDITED = { 'x-plan-lint-failure-mode': 'allow' } as const;
