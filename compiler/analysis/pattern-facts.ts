/** What is known of the cost of every pattern in policies that compile. */
import { allLayers } from '../ir/layer.ts';
import type { PatternPlan } from '../ir/pattern.ts';
import type { Expr, Program, ProgramRule } from '../ir/program.ts';
import type { ResolvedPolicies, ResolvedRule, RuleHead } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';
import { leavesOf, rulesOf } from './analysis.ts';

/** A pattern of a rule, and which engine decides it at what cost. */
export interface PatternFacts extends Pick<
  PatternPlan,
  'source' | 'ignoreCase' | 'engine' | 'states' | 'bytes' | 'worstCase'
> {
  readonly rule: string;
  /** Where the pattern is written; of a pattern in a condition in CEL, where that is. */
  readonly span: Span;
}

/** The patterns of all entries by the place where they are written, each once. */
export function patternFacts(compiled: {
  readonly policies: ResolvedPolicies;
  readonly program: Program;
}): readonly PatternFacts[] {
  const rules = new Map<RuleHead, ResolvedRule>(rulesOf(compiled.policies).map((rule) => [rule, rule]));
  const lowered = allLayers(compiled.program.entries.map(({ layer }) => layer)).flatMap(({ added }) => added);
  const found = new Map<string, PatternFacts>();
  for (const rule of lowered) {
    for (const { source, ignoreCase, engine, states, bytes, worstCase } of plansOf(rule)) {
      const span = placeOf(source, rules.get(rule.head)) ?? rule.head.span;
      const facts = { rule: rule.head.id, span, source, ignoreCase, engine, states, bytes, worstCase };
      found.set(JSON.stringify([span.file.path, span.start, source]), facts);
    }
  }
  return [...found.values()].sort((a, b) => {
    const [one, other] = [a.span.file.path, b.span.file.path];
    if (one === other) return a.span.start - b.span.start;
    return one < other ? -1 : 1;
  });
}

function plansOf({ condition }: ProgramRule): readonly PatternPlan[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
    case 'arg':
    case 'cel':
      return plansIn(condition);
    default:
      return [];
  }
}

function plansIn(condition: Expr): readonly PatternPlan[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.items.flatMap(plansIn);
    case 'arg':
      return condition.test.pattern ? [condition.test.pattern] : [];
    case 'cel':
      return Object.values(condition.patterns);
    default:
      return [];
  }
}

function placeOf(source: string, rule: ResolvedRule | undefined): Span | undefined {
  if (rule?.kind !== 'pattern') return rule?.span;
  const leaf = leavesOf(rule.pattern).find(({ value }) => value?.value === source);
  return leaf?.value?.span ?? rule.when?.span;
}
