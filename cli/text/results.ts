/** Decisions of a few plans, for people and for programs. */
import type { DecisionData, ViolationData } from '@plan-lint/runtime';
import { printable } from '../../compiler/inspect.ts';
import { stepText } from '../../decisions/step-text.ts';
import { paint, STATUS_TINTS } from '../terminal/paint.ts';

export interface Result {
  /** The plan as it was named on the command line. */
  readonly path: string;
  readonly decision: DecisionData;
}

const WORDS: Readonly<Record<DecisionData['status'], string>> = {
  pass: 'PASS',
  warn: 'PASS with warnings',
  approval: 'NEEDS APPROVAL',
  deny: 'DENIED',
};

/** One block a plan. Every text of a plan is made printable by itself, so that none can forge a line. */
export function resultsText(results: readonly Result[], colour?: boolean): string {
  return results
    .map(({ path, decision }) => {
      const { status, risk_score, violations, entry, bundle } = decision;
      const by = `${bundle.name} ${bundle.version}${entry === null ? '' : `, ${entry}`}`;
      const head = `${paint(WORDS[status], STATUS_TINTS[status], colour)}  ${printable(path)}  (risk ${risk_score}, decided by ${printable(by)})`;
      return [head, ...violations.map(violationText), ''].join('\n');
    })
    .join('');
}

function violationText(violation: ViolationData): string {
  const { severity, rule, message, step_index, step_id, origin, waiver } = violation;
  const where = stepText({ step_index, step_id }, printable);
  const from = origin ? `\n            ${printable(origin.file)}:${origin.line}:${origin.column}` : '';
  const waived = waiver === null ? '' : `\n            waived by ${printable(waiver)}`;
  return `  ${severity.padEnd(8)}  ${where}: ${printable(message)}\n            rule ${printable(rule)}${from}${waived}`;
}

/** One plan: its result. Several: an object keyed by plan. */
export function resultsJson(results: readonly Result[]): string {
  const [first] = results;
  const value =
    first && results.length === 1
      ? first.decision
      : Object.fromEntries(results.map(({ path, decision }) => [path, decision]));
  return `${JSON.stringify(value, null, 2)}\n`;
}
