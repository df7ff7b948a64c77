import type { Expr, StepRule } from '../ir/program.ts';

/** A pass rewrites one rule into one that fires on the same steps, or drops a rule that never fires (`null`). */
export interface Pass {
  readonly name: string;
  readonly run: (rule: StepRule) => StepRule | null;
}

/** A pass that works on conditions only. */
export function onCondition(name: string, rewrite: (condition: Expr) => Expr): Pass {
  return { name, run: (rule) => ({ ...rule, condition: rewrite(rule.condition) }) };
}

/** Rewrites a condition from its leaves up. */
export function bottomUp(expr: Expr, rewrite: (expr: Expr) => Expr): Expr {
  const inner =
    expr.kind === 'and' || expr.kind === 'or'
      ? { ...expr, items: expr.items.map((item) => bottomUp(item, rewrite)) }
      : expr;
  return rewrite(inner);
}
