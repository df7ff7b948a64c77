import type { Budget } from '../cel/budget.ts';

declare const Int32Array: Int32ArrayConstructor;

/**
 * What is not known counts against the plan, for the plan is decided now (0); does not, for one asks what fires whatever it
 * is (1); counts at the step where it is told, for that is asked later (2); the same, but of sums those that may fail (3).
 */
export type Mode = 0 | 1 | 2 | 3;
export const NOW = 0;
export const QUIET = 1;
export const LATER = 2;
export const MAY_FAIL = 3;

/**
 * What is asked of the rules, and all that asking remembers. Who decides has one of its own and fills it anew for each plan, so
 * that several may decide with one module and never meet; a plan is asked about from beginning to end, or not at all.
 */
export interface Question extends Budget {
  plan: unknown;
  /** What the caller vouches for. */
  context: unknown;
  /** Milliseconds since 1970. */
  now: number;
  mode: Mode;
  /** Pairs (rule index, step index) that the walk found worth asking; so many numbers of them are asked. */
  candidates: Int32Array;
  asked: number;
  /** Whether rules about the plan as a whole are asked; not of a plan that may have been walked in part only. */
  asksPlan: boolean;
  /** The step that is asked about. */
  step: AskedStep;
  /** Pairs that fired, step index -1 for the plan; past the end of the buffer they are counted and not written. */
  fired: Int32Array;
  count: number;
  /** What rules about the whole plan have found in it (`whole-plan/facts.ts`). */
  facts: object | null;
  /** How many schemas behind references have been asked, for this step and for all (`rules/args.ts`). */
  calls: number;
  callsOfPlan: number;
  /** Characters that rules over steps may still look at, and those of the arguments of this step, -1 where they are not counted yet. */
  textLeft: number;
  textOfStep: number;
  /** The same of the arguments of all steps. */
  textOfPlan: number;
  /** Steps that rules about the whole plan may still go over, all rules together. */
  stepsLeft: number;
}

/** A plan that has been checked. */
export interface Plan {
  readonly steps: readonly AskedStep[];
}

export interface AskedStep {
  readonly id: string;
  readonly tool: string;
  readonly args?: unknown;
  readonly parameters?: unknown;
}

/** The arguments of a step, under either name. */
export const argsOf = ({ args, parameters }: AskedStep): unknown => (args === undefined ? parameters : args);

/** Notes that a rule fired. */
export function hit(question: Question, rule: number, step: number): void {
  const { fired, count } = question;
  fired[count] = rule;
  fired[count + 1] = step;
  question.count = count + 2;
}

/** Sets the step that is asked about. */
export function askOf(question: Question, step: AskedStep): void {
  if (question.step === step) return;
  question.step = step;
  question.textOfStep = -1;
}

/** What stands for the step of a plan that has none at a place. */
export const NO_STEP: AskedStep = { id: '', tool: '' };

export function newQuestion(): Question {
  return {
    celLeft: 0,
    celLeftOfPlan: 0,
    plan: null,
    context: undefined,
    now: 0,
    mode: NOW,
    candidates: new Int32Array(0),
    asked: 0,
    asksPlan: false,
    step: NO_STEP,
    fired: new Int32Array(256),
    count: 0,
    facts: null,
    calls: 0,
    callsOfPlan: 0,
    textLeft: 0,
    textOfStep: -1,
    textOfPlan: -1,
    stepsLeft: 0,
  };
}
