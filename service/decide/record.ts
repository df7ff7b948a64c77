/** An outcome is written down and counted before anybody is told. */
import type { FastifyRequest } from 'fastify';
import { AuditError } from '../audit/errors.ts';
import type { AuditErrorCode } from '../audit/errors.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { HttpError, retryAfter } from '../http/error.ts';
import { annotate, inSpan } from '../observe/tracing.ts';
import type { Outcome } from './decision.ts';

/** Whether the line was written; `false` only where `audit.on_failure: allow` says so. */
export type Recorded = boolean;

/** The log is away: what `audit.on_failure` is about. What cannot be written for what it is would let a caller choose. */
const OUTAGES: ReadonlySet<AuditErrorCode> = new Set([
  'audit_unavailable',
  'audit_full',
  'audit_lock_lost',
  'audit_closed',
]);

/** Requests of which something was told and not written down. */
const UNRECORDED = new WeakSet<FastifyRequest>();

/**
 * @param request - whose answer says it, where nothing could be written
 * @throws HttpError `audit_unavailable`; AuditError for an event that is no line
 */
export async function record(
  event: AuditEvent,
  { audit, config, metrics, log }: Deps,
  request?: FastifyRequest,
): Promise<Recorded> {
  try {
    await inSpan(request, 'plan_lint.audit', () => audit.append(event));
    if (request) annotate(request, () => attributesOf(event));
    return true;
  } catch (error) {
    metrics.failed('audit');
    if (!(error instanceof AuditError && OUTAGES.has(error.code))) throw error;
    if (config.audit.on_failure !== 'allow')
      throw new HttpError('audit_unavailable', undefined, retryAfter(1));
    log.warn({ err: error, decision_id: event.decision_id }, 'a decision is not in the audit log');
    if (request) UNRECORDED.add(request);
    return false;
  }
}

/** What a span says of a decision: names and figures of ours alone. */
const attributesOf = ({
  decision_id: id,
  status,
  bundle,
  policy_id: policy,
  risk_score: risk,
}: AuditEvent) => ({
  ...(id !== undefined && { 'plan_lint.decision_id': id }),
  ...(status !== undefined && { 'plan_lint.status': status }),
  ...(bundle !== undefined && { 'plan_lint.bundle': bundle, 'plan_lint.policy': policy }),
  ...(risk !== undefined && { 'plan_lint.risk_score': risk }),
});

/** @param start - of the request, by `performance.now` */
export function count(outcome: Outcome, team: string | null, start: number, { metrics }: Deps): void {
  const { violations, steps, rules } = outcome;
  metrics.decided({ team, violations, steps, rules, seconds: (performance.now() - start) / 1000 });
}

/** Whether something of this request is not in the log. */
export const isUnrecorded = (request: FastifyRequest): boolean => UNRECORDED.has(request);

/** What an answer has that nobody wrote down. */
export const UNAUDITED = { 'x-plan-lint-failure-mode': 'allow' } as const;

/** The same of a body that is an object. */
export const unaudited = (body: string): string =>
  body.endsWith('}') ? `${body.slice(0, -1)}${body === '{}' ? '' : ','}"audited":false}` : body;
