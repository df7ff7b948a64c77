/** Text becomes plans: one reader for all. */
export { eachPlan } from './each-plan.ts';
export type { Part, PlanPlace, Visit, Written } from './each-plan.ts';
export { readRecord } from './plan-record.ts';
export type { Circumstances, RecordReading } from './plan-record.ts';
export { placed, readPlan } from './read.ts';
export type { PlanProblem, PlanProblemCode, PlanReading } from './read.ts';
export { linesOf, MAX_LINE } from './lines.ts';
export type { Line } from './lines.ts';
export { MAX_PLAN_BYTES, splitArray, splitLines } from './split.ts';
export type { Element, Lines } from './split.ts';
export { FORMATS, importDocuments, importPlan } from './formats/index.ts';
export type {
  ImportedPlan,
  ImportedStep,
  Importing,
  ImportProblem,
  ImportProblemCode,
} from './formats/index.ts';
