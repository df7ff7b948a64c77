import { bad, get, texts } from './core.ts';
import { kindOf } from '../module/reason.ts';
import type { Reason, Segments } from '../module/reason.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/**
 * A rule as the module carries it. Most conditions are one test on one argument: data, which says both when the
 * rule fires and why. The others have a function, and a list of the tests that may have held.
 */
export type Rule =
  Reason | { readonly f: (args: unknown, tool: string) => boolean; readonly r: () => readonly Reason[] };

/** Whether a rule fires on a step. It does where it ends in an error: that is a violation of this rule, and of no other. */
export function asked(rule: Rule, args: unknown, tool: string): boolean {
  try {
    return fires(rule, args, tool);
  } catch {
    return true;
  }
}

function fires(rule: Rule, args: unknown, tool: string): boolean {
  if (!isArray(rule)) return rule.f(args, tool);
  const [path, kind, operand] = rule;
  const [onText, test, negated] = kindOf(kind);
  const value = path === null ? args : along(args, path);
  const holds = test as (value: unknown, operand: unknown) => boolean;
  // Which of its outcomes a test takes for "may hold" is worked into it, but for texts that cannot be reached.
  const held = onText ? value === bad || texts(value, holds, operand) : holds(value, operand);
  return held !== Boolean(negated);
}

function along(args: unknown, path: string | Segments): unknown {
  if (typeof path === 'string') return get(args, path);
  return path.reduce<unknown>((value, key) => get(value, `${key}`), args);
}
