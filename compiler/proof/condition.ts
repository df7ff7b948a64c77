import type { LeafDeclaration, PatternDeclaration } from '../ir/document.ts';
import { parsePath } from '../ir/path.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import { spellingOf } from '../spelling/index.ts';

/** A pattern as a condition in negation normal form, its regular expressions left as text. */
export function conditionOf(pattern: PatternDeclaration, negated = false): Expr {
  const { tools, leaf, and, or, not } = pattern;
  const tool: Expr | null = tools && { kind: 'tool', globs: tools.map(({ value }) => value), negated };
  // Of tools alone, it holds for them; of nothing (a rule with `when` only), for every step.
  if (!leaf && !and && !or && !not) return tool ?? { kind: 'constant', value: !negated };
  const junction = (): Expr => ({
    // De Morgan: a negated `and` is an `or` of negations.
    kind: (and === null) === negated ? 'and' : 'or',
    items: (and ?? or ?? []).map((item) => conditionOf(item, negated)),
  });
  const inner = not ? conditionOf(not, !negated) : junction();
  const body: Expr = leaf ? conditionOfLeaf(leaf, negated) : inner;
  return tool ? { kind: negated ? 'or' : 'and', items: [tool, body] } : body;
}

function conditionOfLeaf(leaf: LeafDeclaration, negated: boolean): Expr {
  const path = leaf.arg && parsePath(leaf.arg.value);
  const operand = leaf.value?.value ?? null;
  const absence = negated && path ? ABSENCES[leaf.operation.value] : undefined;
  const spelling = spellingOf(leaf);
  // A text test is sure of one string only, so what its negation asks is what `not_matches` does.
  const test = {
    operation: absence ?? leaf.operation.value,
    operand,
    pattern: null,
    ...(spelling && { spelling }),
    ...(leaf.valueFrom && { from: leaf.valueFrom.value }),
    ...(leaf.view && { view: leaf.view.value }),
  };
  const asked: ArgTest = { kind: 'arg', path, test, negated: negated && !absence };
  return leaf.optional?.value ? whereThere(asked) : asked;
}

/** A test that does not fire where the argument is missing. Of several values, and of what a text holds, that is said of each. */
export function whereThere(asked: ArgTest): Expr {
  const { path, test } = asked;
  if (test.view || path?.some((segment) => typeof segment !== 'string'))
    return { ...asked, test: { ...test, optional: true } };
  const there = { operation: 'exists', operand: null, pattern: null };
  return { kind: 'and', items: [{ kind: 'arg', path, test: there, negated: false }, asked] };
}

const ABSENCES: Readonly<Record<string, string>> = { contains: 'not_contains', matches: 'not_matches' };
