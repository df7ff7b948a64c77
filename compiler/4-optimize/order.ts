import { OPERATIONS } from '../operations/index.ts';
import type { OperationName } from '../operations/index.ts';
import type { Expr } from '../ir/program.ts';
import { bottomUp, onCondition } from './pass.ts';

/** Puts cheap operands of `and` / `or` first. Tests have no effects and never throw, so order is free. */
export const order = onCondition('order', (condition) => bottomUp(condition, orderOne));

function orderOne(expr: Expr): Expr {
  if (expr.kind !== 'and' && expr.kind !== 'or') return expr;
  const costs = expr.items.map(cost);
  if (costs.every((one, i) => i === 0 || (costs[i - 1] ?? 0) <= one)) return expr;
  return { kind: expr.kind, items: expr.items.toSorted((a, b) => cost(a) - cost(b)) };
}

/** Of what reads no text. */
const COSTS: Readonly<Record<string, number>> = { value: 10, size: 20 };

/** Rough nanoseconds, from the measured costs of the primitive tests. */
function cost(expr: Expr): number {
  switch (expr.kind) {
    case 'constant':
      return 0;
    case 'cel':
    case 'invalid-args':
      return 1000;
    case 'tool':
      return 10 * expr.globs.length;
    case 'arg': {
      const { reads } = OPERATIONS[expr.test.operation as OperationName];
      const ofText = (expr.test.pattern?.engine ?? 'literals') === 'literals' ? 60 : 150;
      const base = COSTS[reads] ?? ofText;
      return expr.path === null ? base * 8 : base;
    }
    default:
      return expr.items.reduce((sum, item) => sum + cost(item), 0);
  }
}
