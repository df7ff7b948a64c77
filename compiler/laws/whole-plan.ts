import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { WholePlanRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import type { Limit, ToolList, WholePlanBody } from '../ir/whole-plan.ts';
import { outside } from './domains.ts';
import { relationBy, together } from './relation.ts';
import type { Relation } from './relation.ts';
import type { Param } from './substitute.ts';
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
  reportHigher(child.rule, before.value, after.value, diagnostics);
  return false;
}

/** Reports a limit above the inherited one. */
export function reportHigher(
  { id }: WholePlanRule,
  held: Located<unknown>,
  next: Located<unknown>,
  diagnostics: Diagnostics,
): void {
  const [parent, child] = [String(held.value), String(next.value)];
  const related = [{ message: `the inherited value: ${parent}`, span: held.span }];
  const params = { setting: `${id}.limit`, parent, child, law: laws.limit.says };
  diagnostics.report('PL2102', params, next.span, related);
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
