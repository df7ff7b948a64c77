/** One plan of a batch and what was decided about it: the unit of every report. */
import type { BytePolicy, ScannedPlan } from '@plan-lint/runtime/bytes';
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
  const scanned =
    !records && typeof written !== 'string' && bytes?.scanPlan(written, { context, now, values });
  if (scanned)
    return recordOf(
      place,
      scanned.planId,
      withLines(scanned.decision.toJSON(), place, () => linesAt(written, scanned.offsetOf, firstLine)),
    );
  const reading: PlanReading & { readonly circumstances?: Circumstances } = records
    ? readRecord(written)
    : readPlan(written);
  if (!reading.ok) return unreadable(place, reading.problem, policy.entry);
  const { plan } = reading;
  const decision = policy.evaluate(plan, { context, now, values, ...reading.circumstances }).toJSON();
  return recordOf(
    place,
    idOf(plan),
    withLines(decision, place, () => linesIn(written, firstLine, records)),
  );
}

/** On which lines of its file a plan begins, and its steps. */
interface Lines {
  readonly ofPlan: number;
  readonly ofStep: (step: number) => number | undefined;
}

/** Says of each finding in which line of its file its step stands, or, in an array of plans, its plan. */
function withLines(decision: DecisionObject, { index }: PlanPlace, linesOf: () => Lines): DecisionObject {
  const isElement = index !== undefined;
  if (!decision.violations.some(({ step_index }) => isElement || step_index !== null)) return decision;
  const { ofPlan, ofStep } = linesOf();
  const violations = decision.violations.map((violation): ViolationObject => {
    const { step_index: step } = violation;
    const ofWhole = isElement ? ofPlan : undefined;
    const line = step === null ? ofWhole : ofStep(step);
    return line === undefined ? violation : { ...violation, line };
  });
  return { ...decision, violations };
}

/** Of a text that was read. */
function linesIn(written: Written, firstLine: number, isRecord: boolean): Lines {
  const text = textOf(written);
  const below = stepLines(text, isRecord);
  return {
    ofPlan: firstLine + newlines(/^\s*/.exec(text)?.[0] ?? ''),
    ofStep: (step) => {
      const line = below[step];
      return line === undefined ? undefined : firstLine + line;
    },
  };
}

/** Of a text that was scanned: the scanner has seen where a step begins. */
function linesAt(bytes: Uint8Array, offsetOf: ScannedPlan['offsetOf'], firstLine: number): Lines {
  return {
    // On it nothing fires that is about the plan as a whole.
    ofPlan: firstLine,
    ofStep(step) {
      const offset = offsetOf(step);
      return offset === null ? undefined : firstLine + newlinesBefore(bytes, offset);
    },
  };
}

function newlinesBefore(bytes: Uint8Array, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

const NEWLINE = 0x0a;

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
