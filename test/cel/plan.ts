import { ruleVariables } from '../../compiler/cel/rule-variables.ts';
import { DOUBLE } from '../../compiler/cel/types.ts';

/** Variables as rules about a step have them, with one parameter. */
export const PLAN_VARIABLES = ruleVariables('step', { limit: DOUBLE });
