import type { CelNode } from '../ir/cel.ts';
import type { BoundParam } from '../ir/resolved.ts';
import { compileCel } from './index.ts';
import { PARAM_CEL_TYPES } from './params.ts';
import { ruleVariables } from './rule-variables.ts';

/** Parameters that a condition may name, each with its type. */
export type TypedParams = readonly Pick<BoundParam, 'name' | 'type'>[];

/** A condition, checked; `null` where it does not compile. */
export function conditionOf(source: string, scope: 'step' | 'plan', params: TypedParams): CelNode | null {
  const types = params.map(({ name, type }) => [name, PARAM_CEL_TYPES[type]] as const);
  const result = compileCel(source, {
    variables: ruleVariables(scope, Object.fromEntries(types)),
    compilePattern: (key) => ({ ok: true, pattern: { key } }),
  });
  return result.ok ? result.expression.root : null;
}
