import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { RefinementDeclaration } from '../ir/document.ts';
import type { WholePlanRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import type { Limit, ToolList, WholePlanBody } from '../ir/whole-plan.ts';
import { knows } from './chain.ts';
import type { Chain } from './chain.ts';
import * as laws from '../laws/values.ts';
import type { Param } from '../laws/substitute.ts';
import { showOperand } from '../laws/show.ts';
import { hasLimit, reportHigher } from '../laws/whole-plan.ts';
import type { Limited } from '../laws/whole-plan.ts';

/**
 * Inheritance of rules about the whole plan. A child may lower a limit and add tools that the rule governs; both
 * make it fire on more steps, so nothing has to be proved.
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
): WholePlanBody {
  const { body } = rule;
  const { tool, addTools, addArgs, value, pattern } = wanted;
  const refuse = (key: string, { span }: { readonly span: Span }): void =>
    diagnostics.report('PL2301', { key, rule: rule.id, kind: body.kind, may: REFINABLE[body.kind] }, span);
  if (tool) refuse('tool', tool);
  if (addArgs[0]) refuse('add_args', addArgs[0]);
  if (pattern) refuse('pattern', pattern);
  const governs = body.kind !== 'separate_duty';
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

/** Tools of both lists; those that one has alone follow by name, so that the order of parents does not show. */
function union(held: ToolList, next: ToolList): ToolList {
  const alone = [...without(held, next), ...without(next, held)];
  return [...without(held, alone), ...alone.sort((a, b) => (a.value < b.value ? -1 : 1))];
}

/** Two refinements of one rule: the lower limit, and the tools of both. */
export function joinBodies(held: WholePlanRule, next: WholePlanRule): WholePlanBody {
  if (held.body === next.body || knowsOf(held, next.chain)) return held.body;
  if (knowsOf(next, held.chain)) return next.body;
  const tools = union(held.body.tools, next.body.tools);
  if (!hasLimit(held.body) || !hasLimit(next.body)) return { ...held.body, tools };
  const [a, b] = [held.body.limit.value, next.body.limit.value];
  const limit = a && b && b.value < a.value ? next.body.limit : held.body.limit;
  return { ...held.body, tools, limit };
}

const knowsOf = (rule: WholePlanRule, other: Chain): boolean => knows(rule.chain, other);

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
