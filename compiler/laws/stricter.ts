import { paramReads } from '../cel/params.ts';
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Illustration, RelatedPlace } from '../diagnostics/diagnostic.ts';
import { exampleOf } from '../examples/example.ts';
import { beyondNarrowing, stops } from '../examples/of-rule.ts';
import type { PatternDeclaration } from '../ir/document.ts';
import { narrowingRule } from '../ir/resolved.ts';
import type { PatternRule, ResolvedRule, WholePlanRule } from '../ir/resolved.ts';
import { governedBy } from '../ir/whole-plan.ts';
import type { Span } from '../ir/source.ts';
import { showSource } from '../ir/place.ts';
import type { GlobDemand } from '../glob/search.ts';
import type { Proof } from '../proof/implies.ts';
import { stillFires } from './condition.ts';
import type { Proved } from './condition.ts';
import { paramNames, paramsOfWhen, substitute } from './substitute.ts';
import type { Param } from './substitute.ts';
import { showOperand } from './show.ts';
import { checkLimit } from './whole-plan.ts';

/** A rule and the parameters it is read with. */
interface Side {
  readonly rule: ResolvedRule;
  readonly params: ReadonlyMap<string, Param>;
  /** The allow-list it stands beside, for examples that no other rule stops. */
  readonly allow: ResolvedRule | undefined;
  /** It is what narrows this rule about the whole plan, for whose tools and as whose example it is shown. */
  readonly narrows?: WholePlanRule;
}

/**
 * Proves that a rule still fires wherever the inherited one does, or reports a plan that slips through. `at` is
 * the place in the child that changed it. What no law decides is proved here or refused, never believed. Answers
 * whether it is stricter.
 */
export function checkStricter(parent: Side, child: Side, at: Span | null, diagnostics: Diagnostics): boolean {
  const [before, after] = [parent.rule, child.rule];
  if (before.kind === 'whole-plan' && after.kind === 'whole-plan') {
    const [was, is] = [
      { rule: before, params: parent.params },
      { rule: after, params: child.params },
    ];
    return checkLimit(was, is, diagnostics) && checkNarrowing(parent, child, at, diagnostics);
  }
  const proof = prove(parent, child);
  if (!proof || proof.kind === 'proved') return true;
  const shown = difference(parent, child);
  const span = at ?? shown.span ?? child.rule.span;
  const params = { rule: parent.rule.id, parent: shown.parent, child: shown.child };
  const related: readonly RelatedPlace[] = [
    { message: `the inherited rule has \`${shown.parent}\``, span: shown.parentSpan },
  ];
  if (proof.kind === 'undecided') {
    diagnostics.report(
      'PL2202',
      { ...params, reason: proof.reason, of: changedPart(before, after) },
      span,
      related,
    );
  } else {
    const { narrows } = child;
    const example = narrows ? beyondNarrowing(narrows, proof.plan.steps) : { plan: proof.plan };
    diagnostics.report('PL2201', params, span, related, example);
  }
  return false;
}

/** What narrows a rule about the whole plan must hold wherever it did: then the rule governs, and fires on, no less. */
function checkNarrowing(parent: Side, child: Side, at: Span | null, diagnostics: Diagnostics): boolean {
  if (parent.rule.kind !== 'whole-plan' || child.rule.kind !== 'whole-plan') return true;
  const [before, after] = [narrowingRule(parent.rule), narrowingRule(child.rule)];
  // What nothing narrows governs everything.
  if (!after) return true;
  const everything: PatternRule = {
    ...after,
    when: null,
    pattern: { ...NO_PATTERN, span: after.pattern.span },
  };
  return checkStricter(
    { ...parent, rule: before ?? everything },
    { ...child, rule: after, narrows: child.rule },
    at,
    diagnostics,
  );
}

const NO_PATTERN = { tools: null, leaf: null, and: null, or: null, not: null };

/**
 * A plan that a rule stops with each of some values of a parameter, and not with another one; `undefined` where the rule
 * does not name it, or no plan is found.
 */
export function boundOtherwise(
  rule: ResolvedRule,
  name: string,
  params: ReadonlyMap<string, Param>,
  { before, after }: { readonly before: readonly Param[]; readonly after: Param },
): Illustration | undefined {
  const quiet = new Diagnostics();
  const withParam = (param: Param): Proved | null =>
    withValues(rule, new Map([...params, [name, param]]), quiet);
  const now = withParam(after);
  const plans = before.map((param) => {
    const was = withParam(param);
    if (!was || !now || quiet.hasErrors()) return null;
    const proof = stillFires(was, now);
    return proof.kind === 'refuted' ? { was, example: exampleOf(proof.plan.steps) } : null;
  });
  const isStopped = (each: (typeof plans)[number]): boolean =>
    each !== null && plans.every((other) => other !== null && stops(other.was, each.example));
  return plans.find(isStopped)?.example;
}

/** Which part of the rule another one was asked for. */
function changedPart(before: ResolvedRule, after: ResolvedRule): 'pattern' | 'value' | 'token' {
  if (before.kind === 'deny-token') return 'token';
  return before.kind === 'pattern' && after.kind === 'pattern' && before.pattern === after.pattern
    ? 'value'
    : 'pattern';
}

function prove(parent: Side, child: Side): Proof | null {
  // Parameters that are not there, or of the wrong type, are reported where the rule gets its values.
  const quiet = new Diagnostics();
  const before = withValues(parent.rule, withDefaultsOf(child.params, parent.params), quiet);
  const after = withValues(child.rule, child.params, quiet);
  if (!before || before.kind !== after?.kind || quiet.hasErrors()) return null;
  return stillFires(before, after, allowedTools(child));
}

/** A rule whose refinements are proved, with the values of its parameters; `null` for one of another kind. */
function withValues(
  rule: ResolvedRule,
  params: ReadonlyMap<string, Param>,
  diagnostics: Diagnostics,
): Proved | null {
  if (rule.kind === 'deny-token') return rule;
  if (rule.kind !== 'pattern') return null;
  const pattern = substitute(rule.pattern, params, diagnostics);
  return { ...rule, pattern, ...(rule.when && { params: paramsOfWhen(rule.when, params, diagnostics) }) };
}

function allowedTools({ allow, narrows }: Side): readonly GlobDemand[] {
  const governed = narrows ? [governedBy(narrows.body).map(({ value }) => value)] : [];
  const layers = allow?.kind === 'allow' ? allow.layers.map(({ globs }) => globs) : [];
  return [...layers, ...governed].map((globs) => ({ globs, matches: true }));
}

/**
 * A parameter that children may set anew, or must declare, is read as the child has it: its parent has promised nothing
 * else of it.
 */
function withDefaultsOf(
  child: ReadonlyMap<string, Param>,
  parent: ReadonlyMap<string, Param>,
): ReadonlyMap<string, Param> {
  const fixed = [...parent].filter(([name, { declaration }]) => {
    return declaration.mode !== 'default' || !child.has(name);
  });
  return new Map([...child, ...fixed]);
}

interface Difference {
  readonly parent: string;
  readonly child: string;
  readonly parentSpan: Span;
  readonly span: Span | null;
}

/** The smallest pair of texts that shows what has changed: tools, operand, parameter, or the whole pattern. */
function difference(parent: Side, child: Side): Difference {
  const [before, after] = [parent.rule, child.rule];
  if (before.kind === 'pattern' && after.kind === 'pattern') {
    const found =
      before.pattern === after.pattern
        ? paramChange(before, parent, child)
        : patternChange(before.pattern, after.pattern);
    if (found) return found;
    return {
      parent: showSource(before.pattern.span),
      child: showSource(after.pattern.span),
      parentSpan: before.pattern.span,
      span: null,
    };
  }
  const regex = (rule: ResolvedRule): string => (rule.kind === 'deny-token' ? rule.regex : rule.id);
  return { parent: regex(before), child: regex(after), parentSpan: before.span, span: null };
}

function paramChange(rule: PatternRule, parent: Side, child: Side): Difference | null {
  const inWhen = rule.when ? paramReads(rule.when.value).map(({ name }) => name) : [];
  for (const name of [...paramNames(rule.pattern), ...inWhen]) {
    const [before, after] = [parent.params.get(name), child.params.get(name)];
    if (!before || !after || before.value === after.value) continue;
    return {
      parent: `${name}: ${showOperand(before.value.value)}`,
      child: `${name}: ${showOperand(after.value.value)}`,
      parentSpan: before.value.span,
      span: after.value.span,
    };
  }
  return null;
}

function patternChange(before: PatternDeclaration, after: PatternDeclaration): Difference | null {
  const tools = ({ tools: list }: PatternDeclaration): string =>
    `tool: ${list?.map(({ value }) => value).join(', ') ?? '*'}`;
  const bodies = [before, after].map(({ leaf, and, or, not }) =>
    JSON.stringify([
      leaf && [
        leaf.arg?.value,
        leaf.operation.value,
        leaf.ignoreCase?.value,
        leaf.normalize?.value,
        leaf.optional?.value,
        leaf.valueFrom?.value,
        leaf.view?.value,
      ],
      and,
      or,
      not,
    ]),
  );
  if (bodies[0] !== bodies[1]) return null;
  if (tools(before) !== tools(after)) {
    const span = before.tools?.[0]?.span ?? before.span;
    return { parent: tools(before), child: tools(after), parentSpan: span, span: null };
  }
  const [old, now] = [before.leaf?.value, after.leaf?.value];
  if (!old || !now) return null;
  return {
    parent: `value: ${showOperand(old.value)}`,
    child: `value: ${showOperand(now.value)}`,
    parentSpan: old.span,
    span: null,
  };
}
