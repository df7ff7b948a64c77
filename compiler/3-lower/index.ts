import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Expr, Program, ProgramEntry, ProgramRule } from '../ir/program.ts';
import { layering } from '../ir/layer.ts';
import type { BoundRule, PatternRule, ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import { compilePattern } from '../patterns/index.ts';
import type { PatternCache } from '../patterns/index.ts';
import { defaultSpelling } from '../spelling/index.ts';
import { knownTools, splitBound } from './bounds.ts';
import type { KnownTools } from './bounds.ts';
import { lowerCondition } from './condition.ts';
import { lowerException } from './exceptions.ts';
import { lowerPattern, lowerRegex } from './pattern.ts';
import type { CompileText } from './pattern.ts';
import { lowerWholePlan } from './whole-plan.ts';

/**
 * Phase 3: resolved policies become conditions; patterns are compiled. Reports all it refuses.
 *
 * @param memo - rules lowered so far. Entries that inherit a rule from the same place share the object, before and
 * after; whoever lowers many variants of the same policies passes one memo to all, and rules that are the same
 * object are neither lowered nor warned of again.
 * @param patterns - remembers compiled patterns between runs
 */
export function lower(
  policies: ResolvedPolicies,
  diagnostics: Diagnostics,
  memo: LoweringMemo = new Map(),
  patterns?: PatternCache,
): Program | null {
  const compile = compilingOnce(patterns);
  const known = knownTools(policies);
  const lowerLayer = layering((rule: ResolvedRule) => lowerRule(rule, known, compile, diagnostics), memo);
  const entries = policies.entries.map(({ name, threshold, aggregate, exceptions, layer }): ProgramEntry => {
    const waivers = exceptions.map(lowerException);
    return { name, threshold, aggregate, layer: lowerLayer(layer), waivers };
  });
  return diagnostics.hasErrors() ? null : { entries, defaultEntry: policies.defaultEntry };
}

/** By rule; `null` for a rule that was refused. */
export type LoweringMemo = Map<ResolvedRule, ProgramRule | null>;

/** Policies repeat themselves: each text is compiled once. */
function compilingOnce(cache: PatternCache | undefined): CompileText {
  const known = new Map<string, ReturnType<CompileText>>();
  return (source, ignoreCase = false) => {
    const key = `${ignoreCase} ${source}`;
    let result = known.get(key);
    if (!result) {
      result = compilePattern(source, { ignoreCase, ...(cache && { cache }) });
      known.set(key, result);
    }
    return result;
  };
}

function lowerRule(
  rule: ResolvedRule,
  known: KnownTools,
  compile: CompileText,
  diagnostics: Diagnostics,
): ProgramRule | null {
  switch (rule.kind) {
    case 'pattern':
      return lowerRuleOfAuthor(rule, compile, diagnostics);
    case 'allow': {
      const items = rule.layers.map(({ globs }): Expr => ({ kind: 'tool', globs, negated: true }));
      return { scope: 'step', head: rule, tools: null, condition: { kind: 'or', items } };
    }
    case 'bound':
      return lowerBound(rule, known, diagnostics);
    case 'whole-plan':
      return lowerWholePlan(rule);
    case 'deny-token': {
      const pattern = lowerRegex({ value: rule.regex, span: rule.span }, compile, diagnostics);
      const spelling = defaultSpelling('matches');
      const test = { operation: 'matches', operand: rule.regex, pattern, ...(spelling && { spelling }) };
      return (
        pattern && {
          scope: 'step',
          head: rule,
          tools: null,
          condition: { kind: 'arg', path: null, test, negated: false },
        }
      );
    }
    case 'max-steps':
      return { scope: 'plan', head: rule, condition: { kind: 'more-steps-than', limit: rule.limit } };
  }
}

function lowerRuleOfAuthor(
  rule: PatternRule,
  compile: CompileText,
  diagnostics: Diagnostics,
): ProgramRule | null {
  const condition = rule.when && lowerCondition(rule.id, rule.when, rule, compile, diagnostics);
  const pattern = lowerPattern(rule.pattern, compile, diagnostics);
  if ((rule.when && !condition) || !pattern) return null;
  if (rule.scope === 'plan') return condition && { scope: 'plan', head: rule, condition };
  const items = [pattern, condition].filter((item) => item !== null);
  return { scope: 'step', head: rule, tools: null, condition: { kind: 'and', items } };
}

function lowerBound(rule: BoundRule, known: KnownTools, diagnostics: Diagnostics): ProgramRule | null {
  const split = splitBound(rule, known, diagnostics);
  if (!split) return null;
  const { min, max } = rule;
  // What lies outside, not what is not inside: of the elements of an array each counts.
  const test =
    min !== null && max !== null
      ? { operation: 'not_between', operand: [min, max] }
      : max !== null
        ? { operation: 'gt', operand: max }
        : // Both ends open still asks for a finite number.
          { operation: 'lt', operand: min ?? -Number.MAX_VALUE };
  const outside: Expr = { kind: 'arg', path: split.path, test: { ...test, pattern: null }, negated: false };
  return { scope: 'step', head: rule, tools: [split.tool], condition: outside };
}
