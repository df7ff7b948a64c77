import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { WholePlanRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import type { Limit, ToolList, WholePlanBody } from '../ir/whole-plan.ts';
import { beyond } from '../examples/of-rule.ts';
import { outside } from './domains.ts';
import { relationBy, together } from './relation.ts';
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
  { id, body }: WholePlanRule,
  held: Located<number>,
  next: Located<number>,
  diagnostics: Diagnostics,
): void {
  const limited = hasLimit(body) ? { ...body, limit: { value: held, param: null } } : body;
  const example = beyond(limited, next.value);
  const texts = { parent: String(held.value), child: String(next.value), example };
  reportWeaker(`${id}.limit`, laws.limit, texts, [held.span, next.span], diagnostics);
}

/** What a rule governs, and what it may: more tools are more to fire on. */
const governs: Pick<Law<ToolList>, 'weakens'> = {
  weakens: (parent, child) => outside(namesOf(parent), namesOf(child)).length > 0,
};

const namesOf = (tools: ToolList): readonly string[] => tools.map(({ value }) => value);

/**
 * How two bodies of one rule compare. A lower limit and further governed tools are stricter; whatever else has changed
 * is stricter for some plans and looser for others.
 */
export function relationOfBodies(before: WholePlanBody, now: WholePlanBody): Relation {
  if (elseOf(before) !== elseOf(now)) return 'incomparable';
  return together([
    relationBy(governs, before.tools, now.tools),
    relationBy(laws.limit, limitOf(before), limitOf(now)),
  ]);
}

/** Kinds without a limit have the same one. */
const limitOf = (body: WholePlanBody): number => ('limit' in body ? (body.limit.value?.value ?? 0) : 0);

/** Everything but tools, limit and places, as text. */
function elseOf(body: WholePlanBody): string {
  return JSON.stringify(body, (key, value: unknown) =>
    key === 'span' || key === 'tools' || key === 'limit' ? undefined : value,
  );
}
