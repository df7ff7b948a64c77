import { kindOf } from '../module/reason.ts';
import type { Foresight, Kind, Reason, Segments } from '../module/reason.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';
import { decimalText } from '../text/decimal.ts';
import { bad, get, inUnknown } from './core.ts';
import { asWritten, ofAnyText } from './unknown.ts';
import type { Holds } from './unknown.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/**
 * A rule as the module carries it. Most conditions are one test on one argument: data, which says both when the
 * rule fires and why. The others have a list of tests, and a function that says which of them must hold.
 */
export type Rule = Reason | JoinedRule;

export interface JoinedRule {
  /** Whether the rule fires; `test` asks a reason by its place. `quiet`: what is not known is taken not to fire. */
  readonly f: (test: (reason: number) => boolean, args: unknown, tool: string, quiet: boolean) => boolean;
  readonly r: () => readonly Reason[];
}

/**
 * Whether a rule fires on a step; with `quiet`, whether it does whatever the values turn out to be that are not known. It
 * does where it ends in an error: that is a violation of this rule, and of no other.
 */
export function asked(rule: Rule, args: unknown, tool: string, quiet: boolean): boolean {
  try {
    return fires(rule, args, tool, quiet);
  } catch {
    return true;
  }
}

function fires(rule: Rule, args: unknown, tool: string, quiet: boolean): boolean {
  if (isArray(rule)) return mayHold(rule, args, quiet);
  let reasons: readonly Reason[] | undefined;
  const test = (i: number): boolean => mayHold((reasons ??= rule.r())[i] as Reason, args, quiet);
  return rule.f(test, args, tool, quiet);
}

/** Whether the test of a reason holds, or cannot tell, for the arguments. */
function mayHold(reason: Reason, args: unknown, quiet: boolean): boolean {
  const [path, number] = reason;
  const kind = kindOf(number);
  if (kind[0] === 2) return decides((kind[1] as () => unknown)(), quiet);
  if (path === null) return firesOn(kind, reason, args, quiet);
  if (typeof path === 'string') return firesOn(kind, reason, get(args, path), quiet);
  return anyAlong(args, path, 0, (value) => firesOn(kind, reason, value, quiet));
}

/** Whether an outcome of a condition makes its rule fire: only `false` does not, and what is told later. */
export function decides(outcome: unknown, quiet: boolean): boolean {
  if (outcome instanceof UnknownValue) return !quiet || isOpaque(outcome);
  return outcome !== false;
}

/** Whether it holds for any value at the end of a path. A negated test has a path to one value. */
function anyAlong(value: unknown, path: Segments, from: number, ask: Holds): boolean {
  for (let i = from; i < path.length; i += 1) {
    const segment = path[i] as string | 0;
    if (segment !== 0) value = get(value, segment);
    else if (value instanceof UnknownValue) value = inUnknown(value, '*');
    else if (isArray(value)) {
      for (const item of value) if (anyAlong(item, path, i + 1, ask)) return true;
      return false;
    } else if (value !== undefined) return true;
  }
  return ask(value);
}

/** Whether a test of this kind makes its rule fire for this value. */
export function firesOn(kind: Kind, reason: Reason, value: unknown, quiet: boolean): boolean {
  const [onText, test, negated] = kind;
  const operand = reason[2];
  // What is no object is known, and asked without making anything.
  if (typeof value !== 'object' || value === null) {
    const one = test as (given: unknown, x: unknown) => boolean;
    if (onText !== 1) return one(value, operand) !== Boolean(negated);
    return typeof value === 'string'
      ? one(value, operand)
      : typeof value === 'number' && one(decimalText(value), operand);
  }
  const holds = (given: unknown): boolean =>
    (test as (given: unknown, x: unknown) => boolean)(given, operand);
  if (value instanceof UnknownValue) return foreseen(kind, reason, value, holds, quiet);
  if (onText !== 1) return holds(value) !== Boolean(negated);
  return value === bad || textsFire(value, holds, (text) => foreseen(kind, reason, text, holds, quiet));
}

/** A text test on what is at or below a value; of texts that are not known another function tells. */
function textsFire(value: unknown, holds: Holds, unknown: (text: UnknownValue) => boolean): boolean {
  if (typeof value === 'string') return holds(value);
  if (typeof value === 'number') return holds(decimalText(value));
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof UnknownValue) return unknown(value);
  if (isArray(value)) {
    for (let i = 0; i < value.length; i += 1) if (textsFire(value[i], holds, unknown)) return true;
    return false;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) if (holds(key) || textsFire(object[key], holds, unknown)) return true;
  return false;
}

/** Whether a test fires on what is not known: if it does whatever that is, or if that counts against the plan. */
function foreseen(kind: Kind, reason: Reason, value: UnknownValue, holds: Holds, quiet: boolean): boolean {
  const foresight: Foresight = kind[7] ?? ofAnyText;
  if (isOpaque(value) && foresight !== asWritten) return true;
  const told = foresight(value, holds, reason.length > 4 ? reason[4] : reason[2]);
  return told === null ? !quiet : told !== Boolean(kind[2]);
}
