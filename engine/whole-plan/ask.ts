import { hit } from '../module/question.ts';
import type { Question } from '../module/question.ts';
import type { UpperEnds, WholePlanRule } from './shape.ts';

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/** Asks a rule about the whole plan. An error inside it is a violation of that rule, and of no other. */
export function askPlan(question: Question, index: number, ends?: UpperEnds): void {
  const { count } = question;
  try {
    (rule(index) as WholePlanRule).c(question, index, ends);
  } catch {
    question.count = count;
    hit(question, index, -1);
  }
}
