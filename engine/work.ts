/** The budgets of one plan, or of one call of a session: begun together, so that none is forgotten. */
import { refill } from './cel/budget.ts';
import type { Question } from './module/question.ts';
import { refillText } from './rules/text-work.ts';
import { refillSteps } from './whole-plan/ask.ts';

/** What is asked anew has the same budgets, so that it has the same answers. */
export function beginWork(question: Question): void {
  refill(question);
  refillText(question);
  refillSteps(question);
  question.callsOfPlan = 0;
}
