/**
 * How much one evaluation may do: elements visited, and characters in units of 32. The degree check at compile
 * time says how cost grows, this says where it ends; past it the condition fails, and so its rule fires.
 */
const LIMIT = 1_000_000;

let left = LIMIT;

/** Called at the start of every evaluation. */
export function celBegin(): void {
  left = LIMIT;
}

/** Takes `amount` from the budget; false when it is used up. */
export function spend(amount: number): boolean {
  left -= amount;
  return left >= 0;
}

/** For work that goes over a text. */
export function spendText(length: number): boolean {
  return spend(1 + (length >> 5));
}
