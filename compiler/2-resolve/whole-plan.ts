import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { PatternDeclaration, RefinementDeclaration } from '../ir/document.ts';
import type { Narrowing, WholePlanRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import type { Limit, ToolList, WholePlanBody } from '../ir/whole-plan.ts';
import * as laws from '../laws/values.ts';
import type { Param } from '../laws/substitute.ts';
import { showOperand } from '../laws/show.ts';
import { hasLimit, reportHigher } from '../laws/whole-plan.ts';
import type { Limited } from '../laws/whole-plan.ts';

/**
 * Inheritance of rules about the whole plan. A child may lower a limit and add tools that the rule governs; both
 * make it fire on more steps, so nothing has to be proved. What narrows a rule may be replaced by what is proved to
 * hold wherever it did: a rule that governs more fires on more.
 */

/** What a refinement may say of each kind, for the hint. */
const REFINABLE: Readonly<Record<WholePlanBody['kind'], string>> = {
  max_calls: '`value` (a lower limit) and `add_tools`',
  max_total: '`value` (a lower limit) and `add_tools`',
  require_before: '`add_tools`',
  require_after: '`add_tools`',
  flows: '`add_tools`, which adds to `to`',
  separate_duty: 'severity, enforcement, weight and `final` only',
  on_fail: '`add_tools`',
};

export function refineWholePlan(
  rule: WholePlanRule,
  wanted: RefinementDeclaration,
  diagnostics: Diagnostics,
): Pick<WholePlanRule, 'body' | 'narrowing'> {
  const { narrowing } = rule;
  const { pattern } = wanted;
  const body = refineBody(rule, wanted, diagnostics);
  return { body, narrowing: narrowing && pattern ? { ...narrowing, pattern } : narrowing };
}

function refineBody(
  rule: WholePlanRule,
  wanted: RefinementDeclaration,
  diagnostics: Diagnostics,
): WholePlanBody {
  const { body } = rule;
  const { tool, addTools, addArgs, value, pattern } = wanted;
  const may = rule.narrowing ? `${REFINABLE[body.kind]}, and \`pattern\`` : REFINABLE[body.kind];
  const refuse = (key: string, { span }: { readonly span: Span }): void =>
    diagnostics.report('PL2301', { key, rule: rule.id, kind: body.kind, may }, span);
  if (tool) refuse('tool', tool);
  if (addArgs[0]) refuse('add_args', addArgs[0]);
  // Where nothing narrows it, any pattern would.
  if (pattern && !rule.narrowing) refuse('pattern', pattern);
  const governs = body.kind !== 'separate_duty' && !(body.kind === 'max_total' && body.arg === null);
  if (addTools[0] && !governs) refuse('add_tools', addTools[0]);
  const tools = governs ? [...body.tools, ...without(addTools, body.tools)] : body.tools;
  if (!value) return { ...body, tools };
  if (!hasLimit(body)) {
    refuse('value', value);
    return { ...body, tools };
  }
  return { ...body, tools, limit: lowered(rule, body, value, diagnostics) };
}

function lowered(
  rule: WholePlanRule,
  { kind, limit }: Limited,
  { value, span }: Located<unknown>,
  diagnostics: Diagnostics,
): Limit {
  if (!accepts(kind, value)) {
    const got = `\`${showOperand(value as never)}\``;
    diagnostics.report('PL1102', { what: '`value`', expected: expectedOf(kind), got }, span);
    return limit;
  }
  if (limit.param) {
    const name = limit.param.value;
    const related = [{ message: 'the limit is this parameter', span: limit.param.span }];
    diagnostics.report('PL2302', { rule: rule.id, name }, span, related);
    return limit;
  }
  const held = limit.value;
  if (held && laws.limit.weakens(held.value, value)) {
    reportHigher(rule, held, { value, span }, diagnostics);
    return limit;
  }
  return { value: { value, span }, param: null };
}

function accepts(kind: Limited['kind'], value: unknown): value is number {
  return kind === 'max_calls'
    ? Number.isSafeInteger(value) && Number(value) >= 0
    : typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

const expectedOf = (kind: Limited['kind']): string =>
  kind === 'max_calls' ? 'a whole number from 0' : 'a number from 0';

const without = (list: ToolList, other: ToolList): ToolList =>
  list.filter(({ value }) => !other.some((tool) => tool.value === value));

/** Refinements of one rule together: the lowest limit, and the tools of all. */
export function joinWholePlan(
  rules: readonly [WholePlanRule, ...WholePlanRule[]],
): Pick<WholePlanRule, 'body' | 'narrowing'> {
  return { body: joinBodies(rules), narrowing: joinNarrowings(rules.map(({ narrowing }) => narrowing)) };
}

/** What holds where one of them does. Their `when` is the one that was declared, for no child may write another. */
function joinNarrowings(all: readonly (Narrowing | null)[]): Narrowing | null {
  const there = all.filter((one) => one !== null);
  const [first] = there;
  if (!first || there.length < all.length) return null;
  const patterns: readonly PatternDeclaration[] = [...new Set(there.map(({ pattern }) => pattern))];
  if (patterns.length === 1) return first;
  const { span } = first.pattern;
  return { ...first, pattern: { span, tools: null, leaf: null, and: null, or: patterns, not: null } };
}

function joinBodies([{ body: first }, ...others]: readonly [
  WholePlanRule,
  ...WholePlanRule[],
]): WholePlanBody {
  const bodies = [first, ...others.map(({ body }) => body)];
  // Those that all have stay as declared; what was added follows by name.
  const common = first.tools.filter(({ value }) => bodies.every(({ tools }) => names(tools).has(value)));
  const added = new Map(
    bodies.flatMap(({ tools }) => without(tools, common)).map((tool) => [tool.value, tool]),
  );
  const tools = [...common, ...[...added.values()].sort((a, b) => (a.value < b.value ? -1 : 1))];
  const joined: WholePlanBody = { ...first, tools };
  if (!hasLimit(joined)) return joined;
  const limits = bodies.flatMap((body) => (hasLimit(body) && body.limit.value ? [body.limit] : []));
  const limit = limits.reduce<Limit>(
    (low, next) => ((next.value?.value ?? Infinity) < (low.value?.value ?? Infinity) ? next : low),
    joined.limit,
  );
  return { ...joined, limit };
}

const names = (tools: ToolList): ReadonlySet<string> => new Set(tools.map(({ value }) => value));

/** The rule with the value of its parameter. */
export function bindLimit(
  rule: WholePlanRule,
  params: ReadonlyMap<string, Param>,
  diagnostics: Diagnostics,
): WholePlanRule {
  const { body } = rule;
  if (!hasLimit(body) || !body.limit.param) return rule;
  const { value: name, span } = body.limit.param;
  const param = params.get(name);
  if (!param) {
    diagnostics.report('PL2208', { name, near: nearest(name, params.keys()) }, span);
    return rule;
  }
  const { value } = param.value;
  if (!accepts(body.kind, value)) {
    const got = `\`${showOperand(value)}\`, the value of \`${name}\``;
    diagnostics.report('PL1102', { what: '`limit`', expected: expectedOf(body.kind), got }, span);
    return rule;
  }
  return { ...rule, body: { ...body, limit: { value: { value, span }, param: null } } };
}
