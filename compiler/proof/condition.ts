import type { PatternDeclaration } from '../ir/document.ts';
import { parsePath } from '../ir/path.ts';
import type { Expr } from '../ir/program.ts';

/** A pattern as a condition in negation normal form, its regular expressions left as text. */
export function conditionOf(pattern: PatternDeclaration, negated = false): Expr {
  const { tools, leaf, and, or, not } = pattern;
  const tool: Expr | null = tools && { kind: 'tool', globs: tools.map(({ value }) => value), negated };
  // Of tools alone, it holds for them; of nothing (a rule with `when` only), for every step.
  if (!leaf && !and && !or && !not) return tool ?? { kind: 'constant', value: !negated };
  const body: Expr = leaf
    ? {
        kind: 'arg',
        path: leaf.arg && parsePath(leaf.arg.value),
        test: { operation: leaf.operation.value, operand: leaf.value?.value ?? null, pattern: null },
        negated,
      }
    : not
      ? conditionOf(not, !negated)
      : {
          // De Morgan: a negated `and` is an `or` of negations.
          kind: (and === null) === negated ? 'and' : 'or',
          items: (and ?? or ?? []).map((item) => conditionOf(item, negated)),
        };
  return tool ? { kind: negated ? 'or' : 'and', items: [tool, body] } : body;
}
