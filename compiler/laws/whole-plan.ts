import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { narrowingRule } from '../ir/resolved.ts';
import type { WholePlanRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import type { FlowsBody, Limit, ToolList, WholePlanBody } from '../ir/whole-plan.ts';
import { beyond } from '../examples/of-rule.ts';
import { outside } from './domains.ts';
import { stillFires } from './condition.ts';
import { relationBy, relationOfProofs, together } from './relation.ts';
import type { Relation } from './relation.ts';
import type { Param } from './substitute.ts';
import { reportWeaker } from './tighten.ts';
import type { Law } from './values.ts';
import * as laws from './values.ts';

/** Kinds of rules about the whole plan that have a limit. */
export type Limited = Extract<WholePlanBody, { readonly limit: Limit }>;

export const hasLimit = (body: WholePlanBody): body is Limited => 'limit' in body;

/** Whether no parameter is bound so that the limit is higher than in the parent; reports one that is. */
export function checkLimit(
  parent: { readonly rule: WholePlanRule; readonly params: ReadonlyMap<string, Param> },
  child: { readonly rule: WholePlanRule; readonly params: ReadonlyMap<string, Param> },
  diagnostics: Diagnostics,
): boolean {
  const paramOf = ({ rule, params }: typeof parent): Param | undefined =>
    hasLimit(rule.body) && rule.body.limit.param ? params.get(rule.body.limit.param.value) : undefined;
  const [before, after] = [paramOf(parent), paramOf(child)];
  if (!before || !after || before.declaration.mode === 'default') return true;
  const [was, is] = [before.value.value, after.value.value];
  if (typeof was !== 'number' || typeof is !== 'number' || !laws.limit.weakens(was, is)) return true;
  const [held, next] = [before, after].map(({ value }) => value) as [Located<number>, Located<number>];
  reportHigher(child.rule, held, next, diagnostics);
  return false;
}

/** Reports a limit above the inherited one. */
export function reportHigher(
  rule: WholePlanRule,
  held: Located<number>,
  next: Located<number>,
  diagnostics: Diagnostics,
): void {
  const { id, body } = rule;
  const limited = hasLimit(body) ? { ...body, limit: { value: held, param: null } } : body;
  const example = beyond({ ...rule, body: limited }, next.value);
  const texts = { parent: String(held.value), child: String(next.value), example };
  reportWeaker(`${id}.limit`, laws.limit, texts, [held.span, next.span], diagnostics);
}

/** What a rule governs, and what it may: more tools are more to fire on. */
const governs: Pick<Law<ToolList>, 'weakens'> = {
  weakens: (parent, child) => outside(namesOf(parent), namesOf(child)).length > 0,
};

const namesOf = (tools: ToolList): readonly string[] => tools.map(({ value }) => value);

/** What a flow must not reach: an argument of a tool is less than all of them. */
const reaches: Pick<Law<FlowsBody>, 'weakens'> = {
  weakens: (parent, child) =>
    governs.weakens(parent.tools, child.tools) ||
    parent.into.some(({ tools, arg }) => {
      const same = child.into.filter((one) => one.arg.value === arg.value);
      return governs.weakens(tools, [...child.tools, ...same.flatMap((one) => one.tools)]);
    }),
};

/**
 * How two versions of one rule compare. A lower limit, further governed tools and less that narrows it are stricter;
 * whatever else has changed is stricter for some plans and looser for others.
 */
export function relationOfWholePlan(before: WholePlanRule, now: WholePlanRule): Relation {
  const [was, is] = [before.body, now.body];
  if (elseOf(was) !== elseOf(is)) return 'incomparable';
  return together([
    was.kind === 'flows' && is.kind === 'flows'
      ? relationBy(reaches, was, is)
      : relationBy(governs, was.tools, is.tools),
    relationBy(laws.limit, limitOf(was), limitOf(is)),
    relationOfNarrowings(before, now),
  ]);
}

function relationOfNarrowings(before: WholePlanRule, now: WholePlanRule): Relation {
  const [was, is] = [narrowingRule(before), narrowingRule(now)];
  if (was && is) return relationOfProofs(stillFires(was, is), stillFires(is, was));
  if (was) return 'stricter';
  return is ? 'looser' : 'same';
}

/** Kinds without a limit have the same one. */
const limitOf = (body: WholePlanBody): number => ('limit' in body ? (body.limit.value?.value ?? 0) : 0);

/** Everything but what the laws compare, and places, as text. */
function elseOf(body: WholePlanBody): string {
  const rest = { ...body, tools: null, limit: null, into: null };
  return JSON.stringify(rest, (key, value: unknown) => (key === 'span' ? undefined : value));
}
