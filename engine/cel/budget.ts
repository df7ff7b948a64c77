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

/** What is left of the work that conditions may do. Who decides has one, and begins it anew with each plan. */
export interface Budget {
  /** Of one evaluation. */
  celLeft: number;
  celLeftOfPlan: number;
}

/** A full budget, for what is evaluated when the module is loaded. */
export function celBudget(): Budget {
  return { celLeft: LIMIT, celLeftOfPlan: LIMIT_OF_PLAN };
}

/** Called when a plan is to be decided, or what fired is to be put into words. */
export function refill(budget: Budget): void {
  budget.celLeftOfPlan = LIMIT_OF_PLAN;
}

/** Called at the start of every evaluation: `null`, or the failure that ends it where the budget of the plan is spent. */
export function celBegin(budget: Budget): CelFailure | null {
  budget.celLeft = LIMIT;
  budget.celLeftOfPlan -= LEAST;
  return budget.celLeftOfPlan < 0 ? TOO_MUCH : null;
}

/** Takes `amount` from the budget; false when one of its parts is used up. */
export function spend(budget: Budget, amount: number): boolean {
  budget.celLeft -= amount;
  budget.celLeftOfPlan -= amount;
  return budget.celLeft >= 0 && budget.celLeftOfPlan >= 0;
}

/** For work that goes over a text. */
export function spendText(budget: Budget, length: number): boolean {
  return spend(budget, 1 + (length >> 5));
}
