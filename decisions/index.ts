/** A decision on the wire and in files: pure functions from decisions to text. */
export type { DecisionObject, ViolationObject } from './decision.ts';
export type { BatchFormat, ItemOptions } from './format.ts';
export { githubReport } from './github.ts';
export { jsonlReport, jsonReport } from './json.ts';
export { junitReport } from './junit.ts';
export { comparePlaces, decidePlan, keyOf, unreadable } from './record.ts';
export type { DecideOptions, PlanRecord } from './record.ts';
export { sarifReport } from './sarif.ts';
export { addRecord, addSummary, emptySummary } from './summary.ts';
export type { FailOn, RuleCount, Summary } from './summary.ts';
export { decisionPredicate, firstDifference, type Difference, type ReceiptTerms } from './receipt.ts';
export { escapeMarkup } from './markup.ts';
