/** What is said of one call. */
import type { CallVerdict, Decision, DecisionData, Violation, ViolationData } from '../contract.ts';
import { readViolations, refused, STATUSES, asData, type Parties } from '../decision.ts';
import { freeze } from '../platform.ts';

/** A finding on a call; one that was approved decides nothing and weighs nothing. */
export interface CallViolation extends Violation {
  /** Who approved it for exactly this call; `null` where nobody did. */
  readonly approvedBy: string | null;
}

export interface CallDecision extends Omit<Decision, 'violations' | 'toJSON'> {
  /** Of the call, as the caller gave it or as the session made it. */
  readonly id: string;
  /** It counts from now on, and may be carried out. */
  readonly admitted: boolean;
  /** Where `status` is `approval`: what `approve` takes; else `null`. */
  readonly ticket: string | null;
  /** 0 to 1: of the rules that fire on this call alone; `riskScore` is that of the session with it. */
  readonly callRisk: number;
  readonly violations: readonly CallViolation[];
  /** Rules that only a plan can be asked: nothing is said of them. */
  readonly skipped: readonly string[];
  toJSON(): CallDecisionData;
}

/** A decision on a call as JSON has it. */
export interface CallDecisionData extends Omit<DecisionData, 'violations'> {
  readonly id: string;
  readonly admitted: boolean;
  readonly ticket?: string;
  readonly call_risk: number;
  readonly violations: readonly (ViolationData & { readonly approved_by?: string })[];
  readonly skipped?: readonly string[];
}

const PENDING = freeze([]);
const NOTHING = freeze([]);

/** A class, for an object that is written out with a prototype takes thirty times as long. */
class Said implements CallDecision {
  readonly id: string;
  readonly status: CallDecision['status'];
  readonly valid: boolean;
  readonly admitted: boolean;
  readonly ticket: string | null;
  readonly riskScore: number;
  readonly callRisk: number;
  readonly violations: readonly CallViolation[];
  readonly pending = PENDING;
  readonly complete = true;
  readonly skipped: readonly string[];
  readonly entry: CallDecision['entry'];
  readonly bundle: CallDecision['bundle'];

  constructor({ parties, id, ticket, skipped }: Told, verdict: Judged, violations: readonly CallViolation[]) {
    const { status, risk, callRisk } = verdict;
    this.id = id;
    this.status = STATUSES[status] ?? 'deny';
    this.valid = this.status === 'pass' || this.status === 'warn';
    this.admitted = this.valid;
    this.ticket = ticket;
    this.riskScore = risk;
    this.callRisk = callRisk;
    this.violations = violations;
    this.skipped = skipped;
    this.entry = parties.entry;
    this.bundle = parties.bundle;
    freeze(this);
  }

  toJSON(): CallDecisionData {
    const { id, admitted, ticket, valid, status, riskScore, callRisk, violations, skipped, entry, bundle } =
      this;
    return {
      id,
      admitted,
      ...(ticket !== null && { ticket }),
      is_valid: valid,
      status,
      risk_score: riskScore,
      call_risk: callRisk,
      violations: violations.map(({ approvedBy, ...one }) => ({
        ...asData<ViolationData>(one),
        ...(approvedBy !== null && { approved_by: approvedBy }),
      })),
      ...(skipped.length > 0 && { skipped }),
      entry,
      bundle,
    };
  }
}
freeze(Said.prototype);

type Judged = Pick<CallVerdict, 'status' | 'risk' | 'callRisk' | 'violations'>;

/** Of which call a decision is, and what is known beside what the module says. */
export interface Told {
  readonly parties: Parties;
  readonly id: string;
  readonly ticket: string | null;
  readonly skipped: readonly string[];
  /** Who has approved findings of these rules, by the names of the rules. */
  readonly approvals: ReadonlyMap<string, string>;
}

export function callDecision(told: Told, verdict: Judged): CallDecision {
  const { violations } = verdict;
  if (violations.length === 0) return new Said(told, verdict, NOTHING);
  const findings = readViolations(violations, '').map((one) =>
    freeze({ ...one, approvedBy: told.approvals.get(one.rule) ?? null }),
  );
  return new Said(told, verdict, freeze(findings));
}

/** A call that no policy was asked about, or that none could decide: it is denied. */
export function refusedCall(
  told: Omit<Told, 'ticket' | 'approvals'>,
  rule: string,
  message: string,
): CallDecision {
  const { violations } = refused(told.parties, rule, message);
  return callDecision(
    { ...told, ticket: null, approvals: new Map() },
    { status: 3, risk: 1, callRisk: 1, violations },
  );
}
