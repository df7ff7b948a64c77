import type { Trigger } from '../ir/guard.ts';
import type { ArgTest, Expr, StepRule } from '../ir/program.ts';

/** The passes, of two kinds. Each keeps the meaning on its own; tests run them alone and all together. */
export type Pass = RulePass | NarrowPass;

/** Rewrites one rule into one that fires on the same steps, or drops a rule that never fires (`null`). */
export interface RulePass {
  readonly name: string;
  readonly run: (rule: StepRule) => StepRule | null;
}

/** Says through what a test can make its rule fire; `null` where it cannot say. Feeds the guard. */
export interface NarrowPass {
  readonly name: string;
  readonly triggers: (test: ArgTest) => readonly Trigger[] | null;
}

/** A pass that works on conditions only. */
export function onCondition(name: string, rewrite: (condition: Expr) => Expr): RulePass {
  return {
    name,
    run: (rule) => {
      const condition = rewrite(rule.condition);
      return condition === rule.condition ? rule : { ...rule, condition };
    },
  };
}

/** Rewrites a condition from its leaves up; what nothing changes stays the same object. */
export function bottomUp(expr: Expr, rewrite: (expr: Expr) => Expr): Expr {
  if (expr.kind !== 'and' && expr.kind !== 'or') return rewrite(expr);
  const items = expr.items.map((item) => bottomUp(item, rewrite));
  const changed = items.some((item, i) => item !== expr.items[i]);
  return rewrite(changed ? { kind: expr.kind, items } : expr);
}
