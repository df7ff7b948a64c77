import type { CelType } from '../ir/cel.ts';
import * as types from './types.ts';

/** A step of a plan (design, "Plans"): what is in `args` is known only when a plan comes. */
export const STEP: CelType = {
  kind: 'record',
  name: 'step',
  fields: {
    id: types.STRING,
    tool: types.STRING,
    args: types.mapOf(types.STRING, types.DYN),
    depends_on: types.listOf(types.STRING),
    on_fail: types.DYN,
  },
};

/**
 * The variables of a rule's condition. Each parameter of the policy is a variable of its own, `params.name`; a
 * rule about the plan as a whole has no `step`.
 */
export function ruleVariables(
  scope: 'step' | 'plan',
  parameters: Readonly<Record<string, CelType>> = {},
): Record<string, CelType> {
  const named = Object.entries(parameters).map(([name, type]): [string, CelType] => [`params.${name}`, type]);
  return {
    ...(scope === 'step' ? { step: STEP } : {}),
    plan: types.mapOf(types.STRING, types.DYN),
    context: types.mapOf(types.STRING, types.DYN),
    now: types.TIMESTAMP,
    ...Object.fromEntries(named),
  };
}
