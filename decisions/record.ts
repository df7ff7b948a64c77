/** One plan of a batch and what was decided about it: the unit of every report. */
import type { BytePolicy } from '@plan-lint/runtime/bytes';
import type { Policy } from '@plan-lint/runtime';
import type { Circumstances } from '../plans/plan-record.ts';
import { readRecord } from '../plans/plan-record.ts';
import { PLAN_PROBLEMS, readPlan, textOf } from '../plans/read.ts';
import type { PlanProblem, PlanReading } from '../plans/read.ts';
import { stepLines } from '../plans/step-lines.ts';
import type { Part, PlanPlace, Written } from '../plans/each-plan.ts';
import type { DecisionObject, ViolationObject } from './decision.ts';

/** A decision in the source document's field names, and where its plan stands. */
export interface PlanRecord extends PlanPlace, DecisionObject {
  readonly plan_id: string | null;
  /** How many findings a baseline has taken away. */
  readonly known?: number;
}

/** The key of a plan in the JSON report: unique in a run, and chosen by where the plan is, not by what it says. */
export function keyOf({ file, line, index }: PlanPlace): string {
  if (line !== undefined) return `${file}:${line}`;
  return index !== undefined ? `${file}[${index}]` : file;
}

/** The order of every report: files by path, plans of one file as they stand in it. */
export function comparePlaces(a: PlanPlace, b: PlanPlace): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? a.index ?? 0) - (b.line ?? b.index ?? 0);
}

export interface DecideOptions {
  readonly policy: Policy;
  /** The same for plans as bytes: of most of them nothing has to be read. */
  readonly bytes?: BytePolicy;
  /** What the caller vouches for, and when it is asked: of a record, only where it says nothing of its own. */
  readonly context: unknown;
  readonly now: number;
  /** The texts are records `{plan, context, now}`. */
  readonly records?: boolean;
  /** `later`: checks of values that references stand for wait for the run of the plan. */
  readonly values?: 'now' | 'later';
}

/**
 * Decides one plan. What cannot be read is denied with one finding, as what cannot be decided is.
 *
 * @param firstLine - on which line of its file the text begins
 */
export function decidePlan(
  place: PlanPlace,
  written: Written,
  options: DecideOptions,
  firstLine = place.line ?? 1,
): PlanRecord {
  const { policy, bytes, context, now, records = false, values = 'now' } = options;
  const quiet =
    !records && typeof written !== 'string' && bytes?.quietPlan(written, { context, now, values });
  if (quiet) return recordOf(place, quiet.planId, quiet.decision.toJSON());
  const reading: PlanReading & { readonly circumstances?: Circumstances } = records
    ? readRecord(written)
    : readPlan(written);
  if (!reading.ok) return unreadable(place, reading.problem, policy.entry);
  const { plan } = reading;
  const decision = policy.evaluate(plan, { context, now, values, ...reading.circumstances }).toJSON();
  return recordOf(place, idOf(plan), withLines(decision, place, written, { firstLine, records }));
}

/** Says of each finding in which line of its file its step stands, or, in an array of plans, its plan. */
function withLines(
  decision: DecisionObject,
  { index }: PlanPlace,
  written: Written,
  { firstLine, records }: { readonly firstLine: number; readonly records: boolean },
): DecisionObject {
  const isElement = index !== undefined;
  if (!decision.violations.some(({ step_index }) => isElement || step_index !== null)) return decision;
  const text = textOf(written);
  const ofPlan = isElement ? newlines(/^\s*/.exec(text)?.[0] ?? '') : undefined;
  const lines = stepLines(text, records);
  const violations = decision.violations.map((violation): ViolationObject => {
    const below = violation.step_index === null ? ofPlan : lines[violation.step_index];
    return below === undefined ? violation : { ...violation, line: firstLine + below };
  });
  return { ...decision, violations };
}

const newlines = (text: string): number => text.split('\n').length - 1;

/** Decides one plan of a part; where there was nothing to read, it is denied for that. */
export function decidePart(
  part: Part,
  place: PlanPlace,
  written: Written,
  options: DecideOptions,
): PlanRecord {
  const { problem } = part;
  return problem === undefined
    ? decidePlan(place, written, options, part.firstLine)
    : unreadable(place, { code: 'plan.unreadable', message: problem }, options.policy.entry);
}

/** Written out, for this is made for every plan: spreading three objects into one takes longer than to decide. */
function recordOf(
  { file, line, index }: PlanPlace,
  plan_id: string | null,
  decision: DecisionObject,
): PlanRecord {
  const { is_valid, status, risk_score, violations, pending, entry, bundle } = decision;
  if (pending !== undefined)
    return {
      plan_id,
      file,
      ...(line !== undefined && { line }),
      ...(index !== undefined && { index }),
      ...decision,
    };
  if (line !== undefined)
    return { plan_id, file, line, is_valid, status, risk_score, violations, entry, bundle };
  if (index !== undefined)
    return { plan_id, file, index, is_valid, status, risk_score, violations, entry, bundle };
  return { plan_id, file, is_valid, status, risk_score, violations, entry, bundle };
}

/** The id of a plan; `null` where it names none. */
export function idOf(plan: unknown): string | null {
  if (typeof plan !== 'object' || plan === null || !Object.hasOwn(plan, 'id')) return null;
  const { id } = plan as { readonly id: unknown };
  return typeof id === 'string' ? id : null;
}

/** Whether the rule of a finding says that the plan could not be read; it is the only one then. */
export const isUnreadable = (rule: string): boolean => (PLAN_PROBLEMS as readonly string[]).includes(rule);

/** What is decided of a plan that no policy could be asked about. */
export function unreadableDecision(
  { code, message }: Pick<PlanProblem, 'code' | 'message'>,
  entry: string | null,
): DecisionObject & { readonly bundle: null } {
  const violation: ViolationObject = {
    rule: code,
    policy: 'plan-lint',
    message: `the plan cannot be read: ${message}`,
    severity: 'critical',
    enforcement: 'deny',
    category: 'SCHEMA_INVALID',
    step_index: null,
    step_id: null,
    arg_path: '',
    origin: null,
    waiver: null,
  };
  return { is_valid: false, status: 'deny', risk_score: 1, violations: [violation], entry, bundle: null };
}

/** The record of such a plan. */
export const unreadable = (
  place: PlanPlace,
  problem: Pick<PlanProblem, 'code' | 'message'>,
  entry: string | null,
): PlanRecord => ({ plan_id: null, ...place, ...unreadableDecision(problem, entry) });
