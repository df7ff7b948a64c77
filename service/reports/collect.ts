/** What a log says of a period, counted line by line. */
import type { WrittenEvent } from '../audit/line.ts';
import type { Period } from './bundles-over-time.ts';

export interface RuleCount {
  readonly rule: string;
  readonly severity: string;
  /** Findings, and of them those that an exception has suspended. */
  findings: number;
  waived: number;
  /** Decisions in which it fired. */
  decisions: number;
}

export interface ExceptionCount {
  readonly waiver: string;
  readonly rule: string;
  findings: number;
  first: string;
  last: string;
}

export interface ApprovalFact {
  readonly at: string;
  readonly plan_id: string;
  readonly policy: string;
  readonly requested_by: string;
  readonly decided_by: string;
  readonly outcome: string;
  readonly rules: string;
}

export interface RolloutFact {
  readonly at: string;
  readonly policy: string;
  readonly bundle: string;
  readonly user: string;
  readonly step: string;
  readonly reason: string | null;
}

/** Single events that are listed; more are counted. */
const MOST = 1_000;

const textIn = ({ detail }: WrittenEvent, name: string): string => String(detail?.[name] ?? '');

export class Collected {
  readonly #period: Period;
  decisions = 0;
  valid = 0;
  readonly statuses: Record<string, number> = { pass: 0, warn: 0, approval: 0, deny: 0 };
  readonly policies = new Map<string, number>();
  readonly rules = new Map<string, RuleCount>();
  readonly exceptions = new Map<string, ExceptionCount>();
  readonly approvals = { requested: 0, approved: 0, denied: 0, expired: 0, receipts: 0 };
  readonly approvalList: ApprovalFact[] = [];
  readonly rolloutList: RolloutFact[] = [];
  rollouts = 0;
  bundlesRefused = 0;
  /** Callers that were turned away; lines that sum several count as many. */
  refusals = 0;
  /** Violations that a line had no room for: they are in no other figure. */
  violationsOmitted = 0;

  constructor(period: Period) {
    this.#period = period;
  }

  see(event: WrittenEvent): void {
    const at = Date.parse(event.timestamp);
    if (!(at >= this.#period.from && at < this.#period.to)) return;
    if (event.result !== null) this.#decision(event);
    const step = STEPS[event.action];
    if (step) step(this, event);
  }

  #decision({ result, status, policy_id: policy, timestamp }: WrittenEvent): void {
    this.decisions += 1;
    if (result?.is_valid === true) this.valid += 1;
    const word = status ?? 'unknown';
    this.statuses[word] = (this.statuses[word] ?? 0) + 1;
    this.policies.set(policy, (this.policies.get(policy) ?? 0) + 1);
    this.violationsOmitted += result?.violations_omitted ?? 0;
    const seen = new Set<string>();
    for (const { rule, severity, waiver } of result?.violations ?? []) {
      const count = this.rules.get(rule) ?? { rule, severity, findings: 0, waived: 0, decisions: 0 };
      this.rules.set(rule, count);
      count.findings += 1;
      if (!seen.has(rule)) count.decisions += 1;
      seen.add(rule);
      if (waiver === null) continue;
      count.waived += 1;
      const key = JSON.stringify([waiver, rule]);
      const used = this.exceptions.get(key) ?? {
        waiver,
        rule,
        findings: 0,
        first: timestamp,
        last: timestamp,
      };
      this.exceptions.set(key, used);
      used.findings += 1;
      used.last = timestamp;
    }
  }

  approval(event: WrittenEvent, outcome: 'approved' | 'denied' | 'expired', by: string): void {
    this.approvals[outcome] += 1;
    if (event.detail?.['receipt'] === true) this.approvals.receipts += 1;
    if (this.approvalList.length >= MOST) return;
    this.approvalList.push({
      at: event.timestamp,
      plan_id: event.plan_id,
      policy: event.policy_id,
      requested_by: textIn(event, 'requested_by'),
      decided_by: by,
      outcome,
      rules: textIn(event, 'rules'),
    });
  }

  rollout(event: WrittenEvent): void {
    this.rollouts += 1;
    if (this.rolloutList.length >= MOST) return;
    this.rolloutList.push({
      at: event.timestamp,
      policy: event.policy_id,
      bundle: event.bundle ?? '',
      user: event.user,
      step: event.action,
      reason: event.detail?.['reason'] === undefined ? null : textIn(event, 'reason'),
    });
  }
}

const STEPS: Readonly<Record<string, (to: Collected, event: WrittenEvent) => void>> = {
  approval_requested: (to) => void (to.approvals.requested += 1),
  approval_decided: (to, event) =>
    to.approval(event, textIn(event, 'state') === 'approved' ? 'approved' : 'denied', event.user),
  approval_expired: (to, event) => to.approval(event, 'expired', ''),
  rollout_started: (to, event) => to.rollout(event),
  rollout_changed: (to, event) => to.rollout(event),
  rollout_ended: (to, event) => to.rollout(event),
  policy_refused: (to) => void (to.bundlesRefused += 1),
  auth_denied: (to, { detail }) => {
    const { count = 1 } = detail ?? {};
    to.refusals += typeof count === 'number' ? count : 1;
  },
};
