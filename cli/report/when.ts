/** How two conditions of one rule compare, as far as structure and intervals tell. */
import { compileCel } from '../../compiler/cel/index.ts';
import { PARAM_CEL_TYPES } from '../../compiler/cel/params.ts';
import { ruleVariables } from '../../compiler/cel/rule-variables.ts';
import type { CelNode } from '../../compiler/ir/cel.ts';
import type { BoundParam } from '../../compiler/ir/resolved.ts';
import { celImplies } from '../../compiler/proof/cel.ts';

/** `kept`: the new one holds wherever the old one did; `added`: the other way round. `false`: not known. */
export interface WhenRelation {
  readonly kept: boolean;
  readonly added: boolean;
}

type Params = readonly Pick<BoundParam, 'name' | 'type'>[];

/** `undefined` stands for no condition, which always holds; `params` are those that either names, alike in both. */
export function relationOf(
  old: string | undefined,
  now: string | undefined,
  scope: 'step' | 'plan',
  params: Params = [],
): WhenRelation {
  if (old === now) return { kept: true, added: true };
  // Without a condition the rule fires on whatever it fired on with one.
  if (old === undefined || now === undefined) return { kept: now === undefined, added: old === undefined };
  const [before, after] = [parsed(old, scope, params), parsed(now, scope, params)];
  if (!before || !after) return { kept: false, added: false };
  return { kept: celImplies(before, after), added: celImplies(after, before) };
}

/** A condition, checked; `null` where it does not compile. */
export function parsed(source: string, scope: 'step' | 'plan', params: Params): CelNode | null {
  const types = params.map(({ name, type }) => [name, PARAM_CEL_TYPES[type]] as const);
  const result = compileCel(source, {
    variables: ruleVariables(scope, Object.fromEntries(types)),
    compilePattern: (key) => ({ ok: true, pattern: { key } }),
  });
  return result.ok ? result.expression.root : null;
}
