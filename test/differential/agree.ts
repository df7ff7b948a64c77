import type { Compiled } from '../../compiler/index.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import type { Violation } from '@plan-lint/runtime/contract';
import type { Bundle, Policy } from '../../runtime/evaluate.ts';
import { decide } from '../oracle/oracle.ts';
import type { Finding, OracleDecision, OracleStep, Values } from '../oracle/oracle.ts';

/** A plan, and what the caller vouches for. */
export interface Question {
  readonly plan: { readonly steps: readonly OracleStep[]; readonly context?: unknown };
  readonly context: unknown;
  readonly now: number;
}

/** What emitted code and runtime say of a plan, in the oracle's form. */
function said(
  policy: Policy,
  plan: unknown,
  context: unknown,
  now: number,
  values: Values = 'now',
): OracleDecision {
  const { status, riskScore, violations, pending } = policy.evaluate(plan, { context, now, values });
  return {
    status,
    risk: riskScore,
    findings: violations.map(placed),
    pending: pending.map(placed),
  };
}

const placed = ({ rule, stepIndex, severity, enforcement, waiver }: Violation): Finding => ({
  rule,
  step: stepIndex,
  severity,
  enforcement,
  waiver,
});

/** What one entry says of a question, ready to be held against `oracleSays`. */
export const decisionsOf = (policy: Policy, { plan, context, now }: Question): OracleDecision =>
  inOrder(said(policy, plan, context, now));

export const oracleSays = (entry: ResolvedPolicy, { plan, context, now }: Question): OracleDecision =>
  inOrder(decide(entry, plan, context, now));

const inOrder = (decision: OracleDecision): OracleDecision => ({
  ...decision,
  findings: sorted(decision.findings),
  pending: sorted(decision.pending),
});

const sorted = (all: readonly Finding[]): readonly Finding[] =>
  [...all].sort((a, b) => a.step - b.step || (a.rule < b.rule ? -1 : 1));

/** Both answers to one question, ready for `expect(actual).toEqual(expected)`. */
export function bothSay(
  compiled: Compiled,
  bundle: Bundle,
  { plan, context, now }: Question,
  values: Values = 'now',
): { readonly actual: OracleDecision; readonly expected: OracleDecision } {
  const [entry] = compiled.policies.entries;
  if (!entry) throw new Error('a policy without entries');
  return {
    actual: inOrder(said(bundle.policy(), plan, context, now, values)),
    expected: inOrder(decide(entry, plan, context, now, compiled.policies.catalog, values)),
  };
}
