import type { CelType } from '../../compiler/ir/cel.ts';
import * as types from '../../compiler/cel/types.ts';

/** Variables as rules about a step have them. */
export const PLAN_VARIABLES: Readonly<Record<string, CelType>> = {
  step: {
    kind: 'record',
    name: 'step',
    fields: {
      id: types.STRING,
      tool: types.STRING,
      args: types.mapOf(types.STRING, types.DYN),
      depends_on: types.listOf(types.STRING),
    },
  },
  plan: types.mapOf(types.STRING, types.DYN),
  context: types.mapOf(types.STRING, types.DYN),
  'params.limit': types.DOUBLE,
  now: types.TIMESTAMP,
};
