/** Why a plan was decided so: each finding with the tests of its rule that held, and the lines that made the rule. */
import type { Decision } from '@plan-lint/runtime';
import { originOf, place, printable } from '../../compiler/inspect.ts';
import { explainAll } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { resultsText } from './results.ts';

export function planExplanation(
  path: string,
  plan: unknown,
  decision: Decision,
  policies: ResolvedPolicies,
): string {
  const reasons = explainAll(plan, decision, policies).map(({ violation, rule, atoms, asks }) => [
    `${violation.rule}${violation.stepIndex < 0 ? '' : ` on step ${violation.stepIndex + 1}`}: ${violation.message}`,
    ...atoms.map(({ says, held }) => `    ${held ? 'held, or could not be told' : 'did not hold'}: ${says}`),
    // A condition may have several lines of its own.
    ...(asks === null ? [] : `    the rule asks: ${asks}`.split('\n')),
    ...(rule?.chain ?? []).map(({ span, says }) => `    ${place(span)}  ${says}`),
  ]);
  const text = [...reasons.flat(), ''].map(printable).join('\n');
  return `${resultsText([{ path, decision: decision.toJSON() }])}\n${decision.violations.length > 0 ? text : 'no rule fired\n'}`;
}

export function planExplanationJson(
  path: string,
  plan: unknown,
  decision: Decision,
  policies: ResolvedPolicies,
): string {
  const findings = explainAll(plan, decision, policies).map(({ violation, rule, atoms, asks }) => ({
    rule: violation.rule,
    step_index: violation.stepIndex < 0 ? null : violation.stepIndex,
    step_id: violation.stepId,
    message: violation.message,
    waiver: violation.waiver,
    atoms,
    ...(asks !== null && { asks }),
    chain: (rule?.chain ?? []).map(({ span, says }) => ({ ...originOf(span), says })),
  }));
  const { status, valid, riskScore, entry } = decision;
  return `${JSON.stringify({ plan: path, status, is_valid: valid, risk_score: riskScore, entry, findings }, null, 2)}\n`;
}
