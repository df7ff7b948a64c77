/** How two conditions of one rule compare, as far as structure and intervals tell. */
import { conditionOf } from '../cel/condition-of.ts';
import type { TypedParams } from '../cel/condition-of.ts';
import { celImplies } from '../proof/cel.ts';

/** `kept`: the new one holds wherever the old one did; `added`: the other way round. `false`: not known. */
export interface WhenRelation {
  readonly kept: boolean;
  readonly added: boolean;
}

/** `undefined` stands for no condition, which always holds; `params` are those that either names, alike in both. */
export function relationOf(
  old: string | undefined,
  now: string | undefined,
  scope: 'step' | 'plan',
  params: TypedParams = [],
): WhenRelation {
  if (old === now) return { kept: true, added: true };
  // Without a condition the rule fires on whatever it fired on with one.
  if (old === undefined || now === undefined) return { kept: now === undefined, added: old === undefined };
  const [before, after] = [conditionOf(old, scope, params), conditionOf(now, scope, params)];
  if (!before || !after) return { kept: false, added: false };
  return { kept: celImplies(before, after), added: celImplies(after, before) };
}
