/** How two conditions of one rule compare, as far as structure and intervals tell. */
import { compileCel } from '../../compiler/cel/index.ts';
import { ruleVariables } from '../../compiler/cel/rule-variables.ts';
import type { CelNode } from '../../compiler/ir/cel.ts';
import { celImplies } from '../../compiler/proof/cel.ts';

/** `kept`: the new one holds wherever the old one did; `added`: the other way round. `false`: not known. */
export interface WhenRelation {
  readonly kept: boolean;
  readonly added: boolean;
}

/** `undefined` stands for no condition, which always holds. */
export function relationOf(
  old: string | undefined,
  now: string | undefined,
  scope: 'step' | 'plan',
): WhenRelation {
  if (old === now) return { kept: true, added: true };
  // Without a condition the rule fires on whatever it fired on with one.
  if (old === undefined || now === undefined) return { kept: now === undefined, added: old === undefined };
  const [before, after] = [parsed(old, scope), parsed(now, scope)];
  if (!before || !after) return { kept: false, added: false };
  return { kept: celImplies(before, after), added: celImplies(after, before) };
}

function parsed(source: string, scope: 'step' | 'plan'): CelNode | null {
  const result = compileCel(source, {
    variables: ruleVariables(scope),
    compilePattern: (key) => ({ ok: true, pattern: { key } }),
  });
  return result.ok ? result.expression.root : null;
}
