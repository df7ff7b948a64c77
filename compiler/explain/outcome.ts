/** How a test came out on a step: for sure, or not to be told. */
import type { ArgTest, Expr } from '../ir/program.ts';
import { fires } from '../proof/evaluate.ts';

export type Outcome = 'held' | 'not told' | 'did not hold';

/** Openers of references; what they stand for is not known before the plan runs. */
const REFERENCE = /\$\{|\{\{/;

/**
 * @param values - what the test looked at
 */
export function outcomeOf(expr: Expr, tool: string, args: unknown, values: readonly unknown[]): Outcome {
  if (!fires(expr, tool, args)) return 'did not hold';
  if (expr.kind !== 'arg') return 'held';
  if (values.some(refers)) return 'not told';
  // It holds for sure where its opposite is known not to.
  const opposite: ArgTest = { ...expr, negated: !expr.negated };
  return fires(opposite, tool, args) ? 'not told' : 'held';
}

function refers(value: unknown): boolean {
  if (typeof value === 'string') return REFERENCE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(refers);
}
