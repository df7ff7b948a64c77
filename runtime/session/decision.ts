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

const written = freeze({
  toJSON(this: CallDecision): CallDecisionData {
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
  },
});

/** Of which call a decision is, and what is known beside what the module says. */
export interface Told {
  readonly parties: Parties;
  readonly id: string;
  readonly ticket: string | null;
  readonly skipped: readonly string[];
  /** Who has approved findings of these rules, by the names of the rules. */
  readonly approvals: ReadonlyMap<string, string>;
}

const NOBODY = null;
const PENDING = freeze([]);

export function callDecision(
  { parties, id, ticket, skipped, approvals }: Told,
  {
    status: outcome,
    risk,
    callRisk,
    violations,
  }: Pick<CallVerdict, 'status' | 'risk' | 'callRisk' | 'violations'>,
): CallDecision {
  const status = STATUSES[outcome] ?? 'deny';
  const valid = status === 'pass' || status === 'warn';
  const findings =
    violations.length === 0
      ? (violations as readonly CallViolation[])
      : readViolations(violations, '').map((one) =>
          freeze({ ...one, approvedBy: approvals.get(one.rule) ?? NOBODY }),
        );
  const members: Omit<CallDecision, 'toJSON'> & { readonly __proto__: typeof written } = {
    __proto__: written,
    id,
    status,
    valid,
    admitted: valid,
    ticket,
    riskScore: risk,
    callRisk,
    violations: findings,
    pending: PENDING,
    complete: true,
    skipped,
    ...parties,
  };
  return freeze(members as Omit<CallDecision, 'toJSON'> as CallDecision);
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
