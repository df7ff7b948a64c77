import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { WholePlanRule } from '../ir/resolved.ts';
import type { Located } from '../ir/source.ts';
import type { Limit, WholePlanBody } from '../ir/whole-plan.ts';
import type { Param } from './substitute.ts';
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
