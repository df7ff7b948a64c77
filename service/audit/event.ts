/**
 * What is told to the audit log, and what it answers. The first six members of a line are the source document's
 * (`timestamp`, `action`, `plan_id`, `policy_id`, `user`, `result`); the log adds the time, a number and the chain.
 */
import type { ViolationObject } from 'plan-lint/decisions';

/** What happened. */
export type AuditAction =
  | 'validate_plan'
  | 'auth_denied'
  | 'policy_put'
  | 'policy_read'
  | 'policy_activated'
  | 'policy_deleted'
  | 'policy_refused'
  | 'mode_changed'
  | 'exception_used'
  | 'results_read'
  | 'config_changed'
  | 'session_opened'
  | 'session_call'
  | 'session_result'
  | 'session_approval'
  | 'session_closed'
  | 'rollout_started'
  | 'rollout_changed'
  | 'rollout_ended'
  | 'approval_requested'
  | 'approval_decided'
  | 'approval_expired'
  | 'approvals_read'
  | 'service_started'
  | 'service_stopped'
  // Of the log about itself.
  | 'audit_opened'
  | 'audit_closed'
  | 'audit_recovered'
  | 'segment_removed'
  | 'subject_erased';

/** A decision as the source document logs it. */
export interface AuditResult {
  readonly is_valid: boolean;
  readonly violation_count: number;
  readonly violations: readonly ViolationObject[];
}

/** What another bundle has decided of the same plan, beside the one that has answered. */
export interface ShadowResult {
  /** Which of them it was: a shadow, or what decides where a canary has answered. */
  readonly lane: 'shadow' | 'stable';
  readonly bundle: string;
  readonly status: string;
  readonly differs: boolean;
  /** Rules of the candidate that did not fire in what decides, and the other way round. */
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

/** One line of the log, before the log has added `timestamp`, `seq` and `prev`. Absent members are not written. */
export interface AuditEvent {
  readonly action: AuditAction;
  /** `"unknown"` where a plan has no id, or none is meant. */
  readonly plan_id: string;
  /** The entry that decided, or the name of the bundle. */
  readonly policy_id: string;
  /** Who asked; `"unknown"` before that is known. */
  readonly user: string;
  readonly result?: AuditResult;
  readonly decision_id?: string;
  readonly request_id?: string;
  readonly source_ip?: string;
  readonly team?: string;
  readonly environment?: string;
  /** `sha256:…` of the module that decided. */
  readonly bundle?: string;
  readonly entry?: string;
  readonly status?: string;
  readonly risk_score?: number;
  readonly plan_sha256?: string;
  readonly duration_us?: number;
  readonly shadow?: ShadowResult;
  /** Where it came in: `validate`, `batch`, `authzen`, `session`, `policies`. */
  readonly via?: string;
  /** What is told beside, by its action: a code, a reason, a sequence. Never a token, never an argument. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  /** Arguments of the plan, where `audit.include` asks for them; masked before they are written. */
  readonly args?: unknown;
}

/** Who caused an event, as far as that is known. */
export interface Asker {
  readonly user: string;
  readonly requestId?: string;
  readonly sourceIp?: string;
}

export const SERVICE: Asker = { user: 'plan-lint' };
export const UNKNOWN_ASKER: Asker = { user: 'unknown' };

/** An event that is about no plan: the one place where such events are made. */
export const eventWithoutPlan = (
  action: AuditAction,
  { user, requestId, sourceIp }: Asker,
  { policy = 'unknown', ...told }: Pick<AuditEvent, 'bundle' | 'via' | 'detail'> & { policy?: string } = {},
): AuditEvent => ({
  action,
  plan_id: 'unknown',
  policy_id: policy,
  user,
  ...(requestId !== undefined && { request_id: requestId }),
  ...(sourceIp !== undefined && { source_ip: sourceIp }),
  ...told,
});

/** Where an event has been written. */
export interface AuditPosition {
  readonly seq: number;
}

export interface AuditHealth {
  readonly writable: boolean;
  /** Why not, in one sentence. */
  readonly problem?: string;
  /** What stops nothing, and operators should see: no checkpoint could be written. */
  readonly note?: string;
  readonly path: string;
  /** Number of the last line that counts. */
  readonly seq: number;
  /** Lines and bytes since the log was opened. */
  readonly lines: number;
  readonly bytes: number;
  /** Writes that failed since then. */
  readonly errors: number;
}

/** The log as those who write to it see it. */
export interface AuditLog {
  /**
   * Resolves when the event is as durable as was asked for.
   *
   * @throws AuditError `audit_unavailable` where it cannot be written: nothing may be answered then
   */
  append(event: AuditEvent): Promise<AuditPosition>;
  health(): AuditHealth;
  /** Opens the file anew: somebody has moved it away. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}
