/** Why the scanner has stopped. */
import { CAUSE_NONE } from '../format';

let cause: i32 = CAUSE_NONE;

export function begin(): void {
  cause = CAUSE_NONE;
}

/** Leaves the plan to the full evaluator: the first cause stays. The answer stands for "nowhere". */
export function leave(why: i32): usize {
  if (cause == CAUSE_NONE) cause = why;
  return 0;
}

export function causeOfEnd(): i32 {
  return cause;
}
