import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { ToolCatalog } from '../ir/catalog.ts';
import type { Expr, Program, ProgramEntry, ProgramRule, StepRule, Test } from '../ir/program.ts';
import { allLayers, layering } from '../ir/layer.ts';
import type {
  BoundRule,
  PatternRule,
  ResolvedPolicies,
  ResolvedRule,
  ResultRule,
  RuleHead,
  WholePlanRule,
} from '../ir/resolved.ts';
import { governedBy } from '../ir/whole-plan.ts';
import { compilePattern, staysOnLine } from '../patterns/index.ts';
import type { PatternCache } from '../patterns/index.ts';
import { defaultSpelling } from '../spelling/index.ts';
import { CatalogCheck, checkAgainstCatalog } from './catalog.ts';
import { checkCondition } from './catalog-cel.ts';
import { knownTools, splitBound } from './bounds.ts';
import type { KnownTools } from './bounds.ts';
import { asksStepAlone, lowerCondition } from './condition.ts';
import { lowerException } from './exceptions.ts';
import { lowerSchemas } from './schemas.ts';
import { lowerPattern, lowerRegex } from './pattern.ts';
import type { CompileText } from './pattern.ts';
import { templatesOf } from './templates.ts';
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
  checkAgainstCatalog(policies, diagnostics);
  const { catalog } = policies;
  const context = {
    known: knownTools(policies),
    catalog,
    compile: compilingOnce(patterns),
    check: catalog && new CatalogCheck(catalog, policies, diagnostics),
    diagnostics,
  };
  const lowerLayer = layering((rule: ResolvedRule) => lowerRule(rule, context), memo);
  const entries = policies.entries.map(({ name, threshold, aggregate, exceptions, layer }): ProgramEntry => {
    const waivers = exceptions.map(lowerException);
    return { name, threshold, aggregate, layer: lowerLayer(layer), waivers };
  });
  const layers = allLayers(policies.entries.map(({ layer }) => layer));
  const validates = layers.some(({ added }) => added.some(({ kind }) => kind === 'validate-args'));
  const argSchemas = catalog && validates ? lowerSchemas(catalog, diagnostics) : null;
  const templates = templatesOf(catalog);
  return diagnostics.hasErrors()
    ? null
    : { entries, defaultEntry: policies.defaultEntry, argSchemas, templates };
}

/** By rule; `null` for a rule that was refused. */
export type LoweringMemo = Map<ResolvedRule, ProgramRule | null>;

/** Policies repeat themselves: each text is compiled once. */
function compilingOnce(cache: PatternCache | undefined): CompileText {
  const known = new Map<string, ReturnType<CompileText>>();
  const folded = new Map<string, ReturnType<CompileText>>();
  return (source, ignoreCase = false) => {
    const ofCase = ignoreCase ? folded : known;
    let result = ofCase.get(source);
    if (!result) {
      result = compilePattern(source, { ignoreCase, ...(cache && { cache }) });
      ofCase.set(source, result);
    }
    return result;
  };
}

/** What lowering a rule takes beside the rule. */
interface Context {
  readonly known: KnownTools;
  readonly catalog: ToolCatalog | null;
  readonly compile: CompileText;
  readonly check: CatalogCheck | null;
  readonly diagnostics: Diagnostics;
}

function lowerRule(rule: ResolvedRule, context: Context): ProgramRule | null {
  const { catalog, compile, diagnostics } = context;
  switch (rule.kind) {
    case 'pattern':
      return lowerRuleOfAuthor(rule, context);
    case 'allow': {
      const items = rule.layers.map(({ globs }): Expr => ({ kind: 'tool', globs, negated: true }));
      return { scope: 'step', head: rule, tools: null, condition: { kind: 'or', items } };
    }
    case 'bound':
      return lowerBound(rule, context);
    case 'whole-plan':
      return lowerNarrowed(rule, context);
    case 'deny-token': {
      const pattern = lowerRegex({ value: rule.regex, span: rule.span }, compile, diagnostics);
      const spelling = defaultSpelling('matches');
      const test = {
        operation: 'matches',
        operand: rule.regex,
        pattern,
        ...(spelling && { spelling }),
        written: true as const,
      };
      return (
        pattern && {
          scope: 'step',
          head: rule,
          tools: null,
          condition: { kind: 'arg', path: null, test, negated: false },
        }
      );
    }
    case 'result':
      return lowerResult(rule, context);
    case 'max-steps':
      return { scope: 'plan', head: rule, condition: { kind: 'more-steps-than', limit: rule.limit } };
    case 'only-catalog': {
      const globs = [...(catalog?.tools.keys() ?? [])];
      return { scope: 'step', head: rule, tools: null, condition: { kind: 'tool', globs, negated: true } };
    }
    case 'validate-args': {
      const tools = catalog ? [...catalog.tools.keys(), ...catalog.leftOut] : [];
      return { scope: 'step', head: rule, tools, condition: { kind: 'invalid-args' } };
    }
  }
}

function lowerNarrowed(
  rule: WholePlanRule,
  { catalog, check, compile, diagnostics }: Context,
): ProgramRule | null {
  const { narrowing, body } = rule;
  if (!narrowing) return lowerWholePlan(rule, null, catalog);
  const { pattern, when, params = [] } = narrowing;
  const asked = { scope: 'step', params } as const;
  const condition = when && lowerCondition(rule.id, when, asked, compile, diagnostics);
  if (check && condition) checkCondition(check, condition.expression, when, governedBy(body));
  const isOfStep = !condition || asksStepAlone(condition, when, diagnostics);
  const ofPattern = lowerPattern(pattern, compile, diagnostics);
  if (!isOfStep || !ofPattern || (when && !condition)) return null;
  const both: Expr = condition ? { kind: 'and', items: [ofPattern, condition] } : ofPattern;
  return lowerWholePlan(rule, both, catalog);
}

function lowerResult(rule: ResultRule, { compile, diagnostics }: Context): ProgramRule | null {
  const { regex, span, glob, action } = rule;
  const pattern = lowerRegex({ value: regex, span }, compile, diagnostics);
  const isOfLine = staysOnLine(regex);
  return (
    pattern && {
      scope: 'result',
      head: rule,
      condition: { kind: 'result-token', glob, pattern, action, isOfLine },
    }
  );
}

function lowerRuleOfAuthor(rule: PatternRule, { check, compile, diagnostics }: Context): ProgramRule | null {
  const condition = rule.when && lowerCondition(rule.id, rule.when, rule, compile, diagnostics);
  if (check && condition) checkCondition(check, condition.expression, rule.when, rule.pattern.tools);
  const pattern = lowerPattern(rule.pattern, compile, diagnostics);
  if ((rule.when && !condition) || !pattern) return null;
  if (rule.scope === 'plan') return condition && { scope: 'plan', head: rule, condition };
  const both: Expr = condition ? { kind: 'and', items: [pattern, condition] } : pattern;
  return { scope: 'step', head: rule, tools: null, condition: both, ...relaxedBy(rule) };
}

/** `references: allow`, as the emitted code has it. */
const relaxedBy = ({ references }: RuleHead): Pick<StepRule, 'relaxed'> =>
  references === 'allow' ? { relaxed: true } : {};

function lowerBound(rule: BoundRule, { known, check, diagnostics }: Context): ProgramRule | null {
  const split = splitBound(rule, known, diagnostics);
  if (!split) return null;
  check?.bound(split.tool, split.path, { value: rule.key, span: rule.span });
  const test = { ...testOutside(rule), pattern: null, ...(rule.optional && { optional: true as const }) };
  const outside: Expr = { kind: 'arg', path: split.path, test, negated: false };
  return {
    scope: 'step',
    head: rule,
    tools: [split.tool],
    condition: outside,
    bound: { path: split.path, max: rule.max },
    ...relaxedBy(rule),
  };
}

/** What lies outside, not what is not inside: of the elements of an array each counts. */
function testOutside({ min, max }: BoundRule): Pick<Test, 'operation' | 'operand'> {
  if (min !== null && max !== null) return { operation: 'not_between', operand: [min, max] };
  if (max !== null) return { operation: 'gt', operand: max };
  // Both ends open still asks for a finite number.
  return { operation: 'lt', operand: min ?? -Number.MAX_VALUE };
}
