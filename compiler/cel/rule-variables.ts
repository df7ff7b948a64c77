import type { CelType } from '../ir/cel.ts';
import * as types from './types.ts';

/** A step of a plan (design, "Plans"): what is in `args` is known only when a plan comes. */
export const STEP: CelType & { readonly kind: 'record' } = {
  kind: 'record',
  name: 'step',
  fields: {
    id: types.STRING,
    tool: types.STRING,
    args: types.mapOf(types.STRING, types.JSON),
    depends_on: types.listOf(types.STRING),
    on_fail: types.JSON,
  },
};

/** A step as it stands in the plan: it may say `parameters` for `args`. */
const WRITTEN_STEP: CelType = {
  ...STEP,
  fields: { ...STEP.fields, parameters: types.mapOf(types.STRING, types.JSON) },
};

const PLAN: CelType = {
  kind: 'record',
  name: 'plan',
  fields: {
    id: types.JSON,
    goal: types.JSON,
    context: types.mapOf(types.STRING, types.JSON),
    steps: types.listOf(WRITTEN_STEP),
    meta: types.JSON,
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
    plan: PLAN,
    context: types.mapOf(types.STRING, types.JSON),
    now: types.TIMESTAMP,
    ...Object.fromEntries(named),
  };
}
