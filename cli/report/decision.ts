/** Decisions for people and for programs. */
import type { Decision, Violation } from '@plan-lint/runtime';
import { printable } from '../../compiler/diagnostics/printable.ts';

export interface Result {
  /** The plan as it was named on the command line. */
  readonly path: string;
  readonly decision: Decision;
}

const WORDS: Readonly<Record<Decision['status'], string>> = {
  pass: 'PASS',
  warn: 'PASS with warnings',
  approval: 'NEEDS APPROVAL',
  deny: 'DENIED',
};

/** One block a plan. Every text of a plan is made printable by itself, so that none can forge a line. */
export function resultsText(results: readonly Result[]): string {
  return results
    .map(({ path, decision }) => {
      const { status, riskScore, violations, entry, bundle } = decision;
      const by = `${bundle.name} ${bundle.version}${entry === null ? '' : `, ${entry}`}`;
      const head = `${WORDS[status]}  ${printable(path)}  (risk ${riskScore}, decided by ${printable(by)})`;
      return [head, ...violations.map(violationText), ''].join('\n');
    })
    .join('');
}

function violationText(violation: Violation): string {
  const { severity, rule, message, stepIndex, stepId, origin, waiver } = violation;
  const step = `step ${stepIndex + 1}${stepId === null ? '' : ` (${printable(stepId)})`}`;
  const from = origin ? `\n            ${printable(origin.file)}:${origin.line}:${origin.column}` : '';
  const waived = waiver === null ? '' : `\n            waived by ${printable(waiver)}`;
  const where = stepIndex < 0 ? 'plan' : step;
  return `  ${severity.padEnd(8)}  ${where}: ${printable(message)}\n            rule ${printable(rule)}${from}${waived}`;
}

/** A decision in the source document's field names. */
export interface DecisionObject {
  readonly is_valid: boolean;
  readonly status: Decision['status'];
  readonly risk_score: number;
  readonly violations: readonly object[];
  readonly entry: string | null;
  readonly bundle: Decision['bundle'];
}

export function decisionObject({
  status,
  valid,
  riskScore,
  violations,
  entry,
  bundle,
}: Decision): DecisionObject {
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

/** One plan: its result. Several: an object keyed by plan. */
export function resultsJson(results: readonly Result[]): string {
  const [first] = results;
  const value =
    first && results.length === 1
      ? decisionObject(first.decision)
      : Object.fromEntries(results.map(({ path, decision }) => [path, decisionObject(decision)]));
  return `${JSON.stringify(value, null, 2)}\n`;
}
