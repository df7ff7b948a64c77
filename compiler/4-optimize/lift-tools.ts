import type { Expr, StepRule } from '../ir/program.ts';
import type { RulePass } from './pass.ts';

/**
 * Moves what a condition demands of the tool into the rule's `tools`, so that dispatch by tool never asks a rule
 * that cannot fire. A demand that is the condition's own conjunct is then left out of it.
 */
export const liftTools: RulePass = {
  name: 'lift-tools',
  run: (rule) => (rule.tools ? rule : lift(rule)),
};

function lift(rule: StepRule): StepRule {
  const { condition } = rule;
  if (condition.kind === 'tool' && !condition.negated) {
    return { ...rule, tools: condition.globs, condition: { kind: 'constant', value: true } };
  }
  if (condition.kind === 'and') {
    const index = condition.items.findIndex((item) => item.kind === 'tool' && !item.negated);
    const demand = condition.items[index];
    if (demand?.kind === 'tool') {
      const rest = condition.items.toSpliced(index, 1);
      const [only] = rest;
      return {
        ...rule,
        tools: demand.globs,
        condition: only && rest.length === 1 ? only : { kind: 'and', items: rest },
      };
    }
  }
  const tools = demanded(condition);
  return tools ? { ...rule, tools } : rule;
}

/** Globs of which one must match where the condition does not fail; `null` where there is no such demand. */
function demanded(expr: Expr): readonly string[] | null {
  if (expr.kind === 'tool') return expr.negated ? null : expr.globs;
  if (expr.kind === 'and') return expr.items.map(demanded).find((globs) => globs !== null) ?? null;
  if (expr.kind !== 'or') return null;
  const each = expr.items.map(demanded);
  return each.every((globs) => globs !== null) ? [...new Set(each.flat())] : null;
}
