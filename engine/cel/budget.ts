import { TOO_MUCH } from './value.ts';
import type { CelFailure } from './value.ts';

/**
 * How much one evaluation may do: elements visited, and characters in units of 32. The degree check at compile
 * time says how cost grows, this says where it ends; past it the condition fails, and so its rule fires.
 */
const LIMIT = 1_000_000;
/** The same for all evaluations of one plan: steps times conditions times what each looks at. */
const LIMIT_OF_PLAN = 250_000;
/** What an evaluation costs that looks at nothing. */
const LEAST = 8;

let left = LIMIT;
let leftOfPlan = LIMIT_OF_PLAN;

/** Called when a plan is to be decided, or what fired is to be put into words. */
export function beginPlan(): void {
  leftOfPlan = LIMIT_OF_PLAN;
}

/** Called at the start of every evaluation: `null`, or the failure that ends it where the budget of the plan is spent. */
export function celBegin(): CelFailure | null {
  left = LIMIT;
  leftOfPlan -= LEAST;
  return leftOfPlan < 0 ? TOO_MUCH : null;
}

/** Takes `amount` from the budgets; false when one is used up. */
export function spend(amount: number): boolean {
  left -= amount;
  leftOfPlan -= amount;
  return left >= 0 && leftOfPlan >= 0;
}

/** For work that goes over a text. */
export function spendText(length: number): boolean {
  return spend(1 + (length >> 5));
}
