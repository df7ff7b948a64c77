import type { Compiled } from '../../compiler/index.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import type { Violation } from '@plan-lint/runtime/contract';
import type { Bundle, Policy } from '../../runtime/evaluate.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import { textsOf } from '../oracle/texts.ts';
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

/** The conditions in CEL of a policy's rules, by the rules' names. */
function conditionsOf({ policies }: Compiled): ReadonlyMap<string, string> {
  const rules = policies.entries.flatMap(({ layer }) => rulesIn(layer));
  return new Map(
    rules.flatMap((rule): [string, string][] =>
      rule.kind === 'pattern' && rule.when ? [[rule.id, rule.when.value]] : [],
    ),
  );
}

const OPENER = /\$\{|\{\{/;
const ASKS_ENDS = /startsWith|endsWith/;

/**
 * Where the two part on a question, asked with its values now and later, in words; `null` where they agree. Of references,
 * the oracle's interpreter of CEL knows neither an error from what is not known yet nor how a text begins that is known in
 * part: what such a rule says is left out, and what follows from it.
 */
export function disagreement(compiled: Compiled, bundle: Bundle, question: Question): string | null {
  const refers = holdsOpener(question.plan);
  const conditions = refers ? [...conditionsOf(compiled)] : [];
  const untold: Readonly<Record<Values, readonly string[]>> = {
    now: conditions.flatMap(([rule, source]) => (ASKS_ENDS.test(source) ? [rule] : [])),
    later: conditions.map(([rule]) => rule),
  };
  // Without references nothing waits.
  for (const values of refers ? (['now', 'later'] as const) : (['now'] as const)) {
    const { actual, expected } = bothSay(compiled, bundle, question, values);
    const [is, should] = [actual, expected].map((decision) =>
      JSON.stringify(without(decision, untold[values])),
    );
    if (is !== should) return `with values ${values} emitted code says ${is}, the oracle ${should}`;
  }
  return null;
}

function without(decision: OracleDecision, rules: readonly string[]): Partial<OracleDecision> {
  if (rules.length === 0) return decision;
  const isTold = ({ rule }: Finding): boolean => !rules.includes(rule);
  return { findings: decision.findings.filter(isTold), pending: decision.pending.filter(isTold) };
}

const holdsOpener = (value: unknown): boolean =>
  textsOf(value).some((text) => typeof text === 'string' && OPENER.test(text));
