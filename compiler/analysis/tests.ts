/** Tests that decide nothing: `and` of what excludes each other, `or` of what covers everything. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { PatternDeclaration } from '../ir/document.ts';
import type { Span } from '../ir/source.ts';
import { conditionOf } from '../proof/condition.ts';
import { alwaysFires, neverHolds } from '../proof/satisfy.ts';
import { classOf } from '../proof/values.ts';
import { childrenOf, patternRulesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

export const tests: Analysis = {
  name: 'tests that decide nothing',
  run: ({ policies }, diagnostics) => {
    for (const { id, pattern } of patternRulesOf(policies)) look(pattern, id, diagnostics);
  },
};

/** The largest part of a pattern that is settled without looking at a plan; what is inside it need not be said. */
function look(pattern: PatternDeclaration, rule: string, diagnostics: Diagnostics): void {
  const { leaf } = pattern;
  // A single regular expression is looked at as a text, elsewhere.
  if (leaf && classOf({ operation: leaf.operation.value, operand: null }) === 'text') return;
  const isAboutArgs = leaf !== null || childrenOf(pattern).length > 0;
  if (!isAboutArgs) return;
  if (neverHolds(conditionOf(pattern))) {
    diagnostics.report('PL4101', { rule }, placeOf(pattern));
  } else if (alwaysFires(conditionOf({ ...pattern, tools: null }))) {
    diagnostics.report('PL4102', { rule }, placeOf(pattern));
  } else {
    for (const part of [...(pattern.and ?? []), ...(pattern.or ?? [])]) look(part, rule, diagnostics);
  }
}

/** Its operation, or all its parts. */
function placeOf(pattern: PatternDeclaration): Span {
  const parts = childrenOf(pattern);
  const [first, last] = [parts[0]?.span, parts.at(-1)?.span];
  return pattern.leaf?.operation.span ?? (first && last ? { ...first, end: last.end } : pattern.span);
}
