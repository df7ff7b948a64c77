/** Why a plan was decided so: each finding with the tests of its rule, what they saw, and the lines that made the rule. */
import type { Decision } from '@plan-lint/runtime';
import { originOf, place, printable } from '../../compiler/inspect.ts';
import { explainAll } from '../../compiler/index.ts';
import type { Question, Why } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/inspect.ts';
import { stepText } from '../../decisions/step-text.ts';
import { resultsText } from './results.ts';

/** A plan that was decided. */
export interface Explanation {
  /** The file, with the line where it has several plans. */
  readonly path: string;
  readonly question: Question;
  readonly decision: Decision;
}

const WORDS = { held: 'held', 'not told': 'could not be told', 'did not hold': 'did not hold' } as const;

const stepOf = ({ violation: { stepIndex, stepId } }: Why): string =>
  stepText({ step_index: stepIndex < 0 ? null : stepIndex, step_id: stepId });

/**
 * @param policies - the sources of what decided; `null`: no test is shown
 */
export function planExplanation(
  { path, question, decision }: Explanation,
  policies: ResolvedPolicies | null,
  colour?: boolean,
): string {
  const head = resultsText([{ path, decision: decision.toJSON() }], colour);
  if (decision.violations.length === 0) return `${head}\nno rule fired\n`;
  if (!policies)
    return `${head}\nthe tests of the rules are in their sources: add --policy-dir to see them\n`;
  const reasons = explainAll(question, decision, policies).map((why) => [
    `${why.violation.rule} on ${stepOf(why)}: ${why.violation.message}`,
    ...why.atoms.flatMap(({ says, outcome, saw }) => {
      const values = saw.length === 0 ? '' : `  (${saw.join(', ')})`;
      // A condition may have several lines of its own.
      return `    ${WORDS[outcome]}: ${says}${values}`.split('\n');
    }),
    ...(why.asks === null ? [] : `    the rule asks: ${why.asks}`.split('\n')),
    ...(why.rule?.chain ?? []).map(({ span, says }) => `    ${place(span)}  ${says}`),
  ]);
  return `${head}\n${[...reasons.flat(), ''].map(printable).join('\n')}`;
}

export function planExplanationObject(
  { path, question, decision }: Explanation,
  policies: ResolvedPolicies | null,
): object {
  const { status, is_valid, risk_score, entry, bundle, violations } = decision.toJSON();
  const base = { plan: path, status, is_valid, risk_score, entry, bundle };
  if (!policies) return { ...base, findings: violations };
  const whys = explainAll(question, decision, policies);
  const findings = violations.map((violation, i) => {
    const { atoms = [], asks = null, rule = null } = whys[i] ?? {};
    return {
      ...violation,
      atoms,
      ...(asks !== null && { asks }),
      chain: (rule?.chain ?? []).map(({ span, says }) => ({ ...originOf(span), says })),
    };
  });
  return { ...base, findings };
}
