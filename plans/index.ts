/** Text becomes plans: one reader for all. */
export { eachPlan, readPlan } from './each-plan.ts';
export type { Part, PlanPlace, Visit, Written } from './each-plan.ts';
export { parsePlan } from './parse.ts';
export { MAX_PLAN_BYTES, splitArray, splitLines } from './split.ts';
export type { Element, Lines } from './split.ts';
