/** Why a plan was decided so: the tests of each rule that fired, and which of them held. */
import type { Decision, Violation } from '@plan-lint/runtime/contract';
import { originOf } from '../diagnostics/position.ts';
import { rulesIn } from '../ir/layer.ts';
import type { ArgPath } from '../ir/path.ts';
import type { Expr } from '../ir/program.ts';
import type { ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import { showWholePlan } from '../ir/whole-plan-text.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import { fires } from '../proof/evaluate.ts';
import { conditionOfRule } from '../proof/rule.ts';

interface Step {
  readonly tool: string;
  readonly args?: unknown;
  readonly parameters?: unknown;
}

/** One test of a rule, in words, and whether it let the rule fire. */
export interface Atom {
  readonly says: string;
  readonly held: boolean;
}

/** A finding of a decision and the rule behind it. */
export interface Why {
  readonly violation: Violation;
  readonly rule: ResolvedRule | null;
  readonly atoms: readonly Atom[];
  /** What a rule about the whole plan asks of it. */
  readonly asks: string | null;
}

/** Each violation of a decision with its rule and the tests that let it fire. */
export function explainAll(plan: unknown, decision: Decision, policies: ResolvedPolicies): readonly Why[] {
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
