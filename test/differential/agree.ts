import type { Compiled } from '../../compiler/index.ts';
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import type { Violation } from '@plan-lint/runtime/contract';
import type { Bundle, Policy } from '../../runtime/evaluate.ts';
import { decide } from '../oracle/oracle.ts';
import type { Question } from './question.ts';
import { brokenWithValues } from './with-values.ts';
import type { Finding, OracleAnswer, OracleDecision, Place, Values } from '../oracle/oracle.ts';

export type { Question };

/** What emitted code and runtime say of a plan, in the oracle's form. */
function said(policy: Policy, plan: unknown, context: unknown, now: number, values: Values): OracleDecision {
  const { status, riskScore, violations, pending } = policy.evaluate(plan, { context, now, values });
  return {
    status,
    risk: riskScore,
    findings: violations.map(placed),
    pending: pending.map((check) => ({ ...placed(check), mayFail: check.mayFail })),
  };
}

const placed = ({ rule, stepIndex, severity, enforcement, waiver }: Violation): Finding => ({
  rule,
  step: stepIndex,
  severity,
  enforcement,
  waiver,
});

export function oracleSays(entry: ResolvedPolicy, { plan, context, now }: Question): OracleDecision {
  return inOrder(told(decide(entry, plan, context, now)));
}

const inOrder = <T extends OracleDecision>(decision: T): T => ({
  ...decision,
  findings: sorted(decision.findings),
  pending: sorted(decision.pending),
});

const sorted = <T extends Finding>(all: readonly T[]): readonly T[] =>
  [...all].sort((a, b) => a.step - b.step || (a.rule < b.rule ? -1 : 1));

/** One entry: what its policies mean, and the module that decides it. */
export interface Decider {
  readonly entry: ResolvedPolicy;
  readonly catalog: ToolCatalog | null;
  readonly policy: Policy;
}

/** Both answers to one question. */
function bothSay(
  { entry, catalog, policy }: Decider,
  { plan, context, now }: Question,
  values: Values,
): { readonly actual: OracleDecision; readonly expected: OracleAnswer } {
  return {
    actual: inOrder(said(policy, plan, context, now, values)),
    expected: inOrder(decide(entry, plan, context, now, catalog, values)),
  };
}

const OPENER = /\$\{|\{\{/;

/**
 * Where the two part on a question, asked with its values now and later, in words; `null` where they agree. Of conditions
 * that have come upon a reference the oracle's interpreter of CEL knows neither an error from what is not known yet nor how
 * a text begins that is known in part. There it is asked of values instead: what is not even pending is so of no value.
 */
export function disagreementOf(decider: Decider, question: Question): string | null {
  // Without references nothing waits.
  const times = OPENER.test(JSON.stringify(question.plan)) ? (['now', 'later'] as const) : (['now'] as const);
  for (const values of times) {
    const { actual, expected } = bothSay(decider, question, values);
    const { untold } = expected;
    const [is, should] = [actual, expected].map((decision) => JSON.stringify(without(decision, untold)));
    if (is !== should) return `with values ${values} emitted code says ${is}, the oracle ${should}`;
    if (values === 'now' || untold.length === 0) continue;
    const quiet = untold.filter(
      (place) => !place.asksOrder && !isAmong(actual.findings, place) && !isAmong(actual.pending, place),
    );
    const broken = quiet.length > 0 && brokenWithValues(decider, question, quiet);
    if (broken) return `${broken.rule} at step ${broken.step} waits for nothing, and a value breaks it`;
  }
  return null;
}

/** The same of a bundle of one entry. */
export function disagreement({ policies }: Compiled, bundle: Bundle, question: Question): string | null {
  const [entry] = policies.entries;
  if (!entry) throw new Error('a policy without entries');
  return disagreementOf({ entry, catalog: policies.catalog, policy: bundle.policy() }, question);
}

const isAmong = (all: readonly Place[], { rule, step, anywhere }: Place): boolean =>
  all.some((place) => place.rule === rule && (anywhere === true || place.step === step));

/** What is told of a decision: where something is not, status and risk are not either. */
function without(decision: OracleDecision, untold: readonly Place[]): Partial<OracleDecision> {
  if (untold.length === 0) return told(decision);
  const isTold = (one: Finding): boolean => !isAmong(untold, one);
  return { findings: decision.findings.filter(isTold), pending: decision.pending.filter(isTold) };
}

const told = ({ status, risk, findings, pending }: OracleDecision): OracleDecision => ({
  status,
  risk,
  findings,
  pending,
});
