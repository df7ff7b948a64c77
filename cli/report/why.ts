/** Why a plan was decided so: each finding with the tests of its rule that held, and the lines that made the rule. */
import type { Decision, Violation } from '@plan-lint/runtime';
import { originOf, place } from '../../compiler/diagnostics/position.ts';
import { printable } from '../../compiler/diagnostics/printable.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { ArgPath } from '../../compiler/ir/path.ts';
import type { Expr } from '../../compiler/ir/program.ts';
import type { ResolvedRule } from '../../compiler/ir/resolved.ts';
import { showWholePlan } from '../../compiler/ir/whole-plan-text.ts';
import { OPERATIONS } from '../../compiler/operations/index.ts';
import type { OperationName } from '../../compiler/operations/index.ts';
import { fires } from '../../compiler/proof/evaluate.ts';
import { conditionOfRule } from '../../compiler/proof/rule.ts';
import { resultsText } from './decision.ts';

interface Step {
  readonly tool: string;
  readonly args?: unknown;
  readonly parameters?: unknown;
}

/** One test of a rule, in words, and whether it let the rule fire. */
interface Atom {
  readonly says: string;
  readonly held: boolean;
}

interface Why {
  readonly violation: Violation;
  readonly rule: ResolvedRule | null;
  readonly atoms: readonly Atom[];
  /** What a rule about the whole plan asks of it. */
  readonly asks: string | null;
}

function explainAll(plan: unknown, decision: Decision, policies: ResolvedPolicies): readonly Why[] {
  const rules = policies.entries.flatMap((entry) => rulesIn(entry.layer));
  return decision.violations.map((violation) => {
    const { origin } = violation;
    const rule =
      rules.find(({ id, span }) => {
        const at = originOf(span);
        return id === violation.rule && at.file === origin?.file && at.line === origin.line;
      }) ?? null;
    const condition = rule && conditionOfRule(rule);
    const step = (plan as { readonly steps?: readonly Step[] }).steps?.[violation.stepIndex];
    return {
      violation,
      rule,
      atoms: [...(condition && step ? atomsOf(condition, step) : []), ...whenOf(rule)],
      asks: rule?.kind === 'whole-plan' ? showWholePlan(rule.body) : null,
    };
  });
}

/** A rule that fired has a condition that held, or that could not be told. */
function whenOf(rule: ResolvedRule | null): readonly Atom[] {
  return rule?.kind === 'pattern' && rule.when ? [{ says: `when ${rule.when.value}`, held: true }] : [];
}

function atomsOf(expr: Expr, step: Step): readonly Atom[] {
  if ('items' in expr) return expr.items.flatMap((item) => atomsOf(item, step));
  if (expr.kind === 'constant' || expr.kind === 'invalid-args') return [];
  const held = fires(expr, step.tool, step.args ?? step.parameters);
  if (expr.kind === 'tool') {
    return [{ says: `the tool is ${expr.negated ? 'none' : 'one'} of ${expr.globs.join(', ')}`, held }];
  }
  if (expr.kind === 'cel') return [];
  const { path, test, negated } = expr;
  const says = OPERATIONS[test.operation as OperationName].says(test.operand, negated);
  return [{ says: `${path ? `\`${shown(path)}\`` : 'a text in the arguments'} ${says}`, held }];
}

const shown = (path: ArgPath): string =>
  path.reduce<string>(
    (text, at) => (typeof at === 'string' ? `${text}${text && '.'}${at}` : `${text}[*]`),
    '',
  );

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
  return `${resultsText([{ path, decision }])}\n${decision.violations.length > 0 ? text : 'no rule fired\n'}`;
}

export function planExplanationJson(
  path: string,
  plan: unknown,
  decision: Decision,
  policies: ResolvedPolicies,
): string {
  const findings = explainAll(plan, decision, policies).map(({ violation, rule, atoms, asks }) => ({
    rule: violation.rule,
    step: violation.stepIndex,
    message: violation.message,
    waiver: violation.waiver,
    atoms,
    ...(asks !== null && { asks }),
    chain: (rule?.chain ?? []).map(({ span, says }) => ({ ...originOf(span), says })),
  }));
  const { status, valid, riskScore, entry } = decision;
  return `${JSON.stringify({ plan: path, status, is_valid: valid, risk_score: riskScore, entry, findings }, null, 2)}\n`;
}
