/** A decision in the source document's field names. */
import type { Decision, Violation } from '@plan-lint/runtime';

/** A violation in the source document's field names. */
export interface ViolationObject {
  readonly rule: string;
  readonly policy: string;
  readonly message: string;
  readonly severity: Violation['severity'];
  readonly enforcement: Violation['enforcement'];
  readonly category: string;
  /** 0-based index of the step; `null` for the plan as a whole. */
  readonly step: number | null;
  readonly step_id: string | null;
  readonly arg_path: string;
  readonly origin: Violation['origin'];
  readonly waiver: Violation['waiver'];
  /** Line of the step in the plan's file, from 1, where it is known. */
  readonly line?: number;
}

/** A decision in the source document's field names. */
export interface DecisionObject {
  readonly is_valid: boolean;
  readonly status: Decision['status'];
  readonly risk_score: number;
  readonly violations: readonly ViolationObject[];
  readonly entry: string | null;
  /** Which bundle decided; `null` where none was asked. */
  readonly bundle: Decision['bundle'] | null;
}

export function decisionObject(decision: Decision): DecisionObject {
  const { status, valid, riskScore, violations, entry, bundle } = decision;
  return {
    is_valid: valid,
    status,
    risk_score: riskScore,
    violations: violations.map((violation) => ({
      rule: violation.rule,
      policy: violation.policy,
      message: violation.message,
      severity: violation.severity,
      enforcement: violation.enforcement,
      category: violation.category,
      step: violation.stepIndex < 0 ? null : violation.stepIndex,
      step_id: violation.stepId,
      arg_path: violation.argPath,
      origin: violation.origin,
      waiver: violation.waiver,
    })),
    entry,
    bundle,
  };
}
