import { spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { failed, TOO_MUCH, worse } from './value.ts';

/**
 * The slow halves of `&&`, `||` and `!` (langdef.md "Logical Operators"): called when no operand decides, so
 * that an error or a value that is no bool is passed on.
 */
export function celFailed(left: unknown, right: unknown): unknown {
  if (typeof left === 'boolean') return failed(right);
  return typeof right === 'boolean' ? failed(left) : worse(failed(left), failed(right));
}

/** A call that no function answers, in dynamic mode. */
export function celNoOverload(...operands: readonly unknown[]): unknown {
  return failed(...operands);
}

/** `!operand`. */
export function celNot(operand: unknown): unknown {
  return typeof operand === 'boolean' ? !operand : failed(operand);
}

/** What `dyn(x)` is: `x`. */
export function celDyn(value: unknown): unknown {
  return value;
}

/** `text.matches(pattern)`; `pattern` tells whether it is found anywhere, in linear time. */
export function celMatches(budget: Budget, text: unknown, pattern: (text: string) => boolean): unknown {
  if (typeof text !== 'string') return failed(text);
  return spendText(budget, text.length) ? pattern(text) : TOO_MUCH;
}
