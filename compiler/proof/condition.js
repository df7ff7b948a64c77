import { parsePath } from '../ir/path.js';
/** A pattern as a condition in negation normal form, its regular expressions left as text. */
export function conditionOf(pattern, negated = false) {
  const { tools, leaf, and, or, not } = pattern;
  const body = leaf
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
  if (!tools) return body;
  const tool = { kind: 'tool', globs: tools.map(({ value }) => value), negated };
  return { kind: negated ? 'or' : 'and', items: [tool, body] };
}
