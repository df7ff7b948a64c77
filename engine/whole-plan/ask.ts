import { hit } from '../module/question.ts';
import type { Plan, Question } from '../module/question.ts';
import type { UpperEnds, WholePlanRule } from './shape.ts';

/** Steps times rules of one plan: ten rules go over a plan of a thousand steps, one over the longest. */
const MOST_STEPS = 10_000;

/** Called when a plan is to be decided. */
export function refillSteps(question: Question): void {
  question.stepsLeft = MOST_STEPS;
}

/** The most steps that a plan may have for so many rules to go over it. */
export const stepsFor = (rules: number): number => (rules === 0 ? 1 / 0 : MOST_STEPS / rules);

/** Thrown where no step may be gone over any more, and caught here. */
const TOO_MUCH_WORK = { reason: 'more work than one plan may take' };

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/**
 * Asks a rule about the whole plan. An error inside it, or more work than one plan may take, is a violation of that rule, and of
 * no other.
 */
export function askPlan(question: Question, index: number, ends?: UpperEnds): void {
  const { count } = question;
  try {
    question.stepsLeft -= (question.plan as Plan).steps.length;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- `Error` is a global, and a module has no free name
    if (question.stepsLeft < 0) throw TOO_MUCH_WORK;
    (rule(index) as WholePlanRule).c(question, index, ends);
  } catch {
    question.count = count;
    hit(question, index, -1);
  }
}
