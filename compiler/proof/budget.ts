/** Steps that one proof may take, a step being about one comparison of a value with an operand. */
const MOST_STEPS = 2_000_000;
/** What asking one pattern about another costs, in such steps. */
export const LANGUAGE_STEPS = 2_000;

/** A proof was given up because its budget is spent. */
export class BudgetSpent extends Error {
  constructor() {
    super('the budget of the proof is spent');
  }
}

/**
 * What is left for one proof to spend. Counted in steps and not in seconds, so that a policy that compiles here
 * compiles everywhere.
 *
 * @example
 * const budget = new Budget();
 * budget.spend(500); // throws BudgetSpent once the sum is too large
 */
export class Budget {
  readonly steps: number;
  #left: number;

  constructor(steps = MOST_STEPS) {
    this.steps = steps;
    this.#left = steps;
  }

  /** @throws BudgetSpent */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BudgetSpent();
  }
}
