/** The lines of approvals. They have digests and names of rules, never a message and never a value. */
import type { AuditAction, AuditEvent, Asker } from '../audit/event.ts';
import type { ApprovalRow } from './row.ts';

type ApprovalAction = Extract<AuditAction, 'approval_requested' | 'approval_decided' | 'approval_expired'>;

/** Names of rules that a line has; how many more there are is said. */
const RULES = 20;

export function rulesOf({ findings }: Pick<ApprovalRow, 'findings'>): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const more = rules.length - RULES;
  return rules.slice(0, RULES).join(',') + (more > 0 ? `,… ${more} more` : '');
}

/** @param asker - who caused it: who asked, who decided, or the service */
export function approvalEvent(
  action: ApprovalAction,
  row: ApprovalRow,
  { user, requestId, sourceIp }: Asker,
): AuditEvent {
  const { ruling, state } = row;
  return {
    action,
    plan_id: row.planId,
    policy_id: row.policy,
    user,
    ...(requestId !== undefined && { request_id: requestId }),
    ...(sourceIp !== undefined && { source_ip: sourceIp }),
    ...(row.team !== null && { team: row.team }),
    environment: row.environment,
    bundle: `sha256:${row.bundleDigest}`,
    ...(row.entry !== null && { entry: row.entry }),
    via: 'approvals',
    detail: {
      approval: row.id,
      kind: row.kind,
      digest: row.digest,
      state,
      rules: rulesOf(row),
      requested_by: row.subject,
      expires: new Date(row.expiresAt).toISOString(),
      ...(row.session !== null && { session: row.session }),
      ...(ruling && { decided_by: ruling.by }),
      ...(ruling?.reason && { reason: ruling.reason }),
      ...(row.receipt && { receipt: true }),
    },
  };
}
