import type { Compiled } from '../../compiler/index.ts';
import type { Bundle } from '../../runtime/evaluate.ts';
import { decide } from '../oracle/oracle.ts';
import type { OracleDecision, OracleStep } from '../oracle/oracle.ts';

/** What emitted code and runtime say of a plan, in the oracle's form. */
export function emitted(bundle: Bundle, plan: unknown): OracleDecision {
  const { status, riskScore, violations } = bundle.policy().evaluate(plan);
  return {
    status,
    risk: riskScore,
    findings: violations.map(({ rule, stepIndex }) => ({ rule, step: stepIndex })),
  };
}

const inOrder = (decision: OracleDecision): OracleDecision => ({
  ...decision,
  findings: [...decision.findings].sort((a, b) => a.step - b.step || (a.rule < b.rule ? -1 : 1)),
});

/** Both answers to one question, ready for `expect(actual).toEqual(expected)`. */
export function bothSay(
  compiled: Compiled,
  bundle: Bundle,
  plan: { readonly steps: readonly OracleStep[] },
): { readonly actual: OracleDecision; readonly expected: OracleDecision } {
  const [entry] = compiled.policies.entries;
  if (!entry) throw new Error('a policy without entries');
  return { actual: inOrder(emitted(bundle, plan)), expected: inOrder(decide(entry, plan.steps)) };
}
