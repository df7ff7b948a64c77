import { argsOf, askOf, hit, QUIET } from '../module/question.ts';
import type { AskedStep, Plan, Question } from '../module/question.ts';
import { isCondition } from '../module/reason.ts';
import type { Kind, Reason, Segments, TestReason } from '../module/reason.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';
import { decimalText } from '../text/decimal.ts';
import { bad, get, inUnknown } from './core.ts';
import { asWritten, ofAnyText } from './unknown.ts';
import { spendOnStep, spendOnValue } from './text-work.ts';
import type { Holds } from './unknown.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** The kinds of the module's rules. */
declare const kinds: readonly Kind[];

// By place, not by pattern: a pattern walks an iterator, on every test of every step.
export const kindOf = (reason: TestReason): Kind => kinds[reason[1]] as Kind;
const pathOf = (reason: TestReason): TestReason[0] => reason[0];
const operandOf = (reason: TestReason): TestReason[2] => reason[2];

/**
 * A rule as the module carries it. Most conditions are one test on one argument: data, which says both when the
 * rule fires and why. The others have a list of tests, and a function that says which of them must hold.
 */
export type Rule = TestReason | JoinedRule;

export interface JoinedRule {
  /** Whether the rule fires; `test` asks a reason by its place. */
  readonly f: (test: (reason: number) => boolean, tool: string, question: Question) => boolean;
  readonly r: () => readonly Reason[];
}

/** Gives a rule by its index. */
declare function rule(index: number): unknown;

/** Asks the rules of the candidates, each of its step. */
export function askSteps(question: Question): void {
  const { candidates, asked: count } = question;
  const { steps } = question.plan as Plan;
  for (let i = 0; i < count; i += 2) {
    const index = candidates[i] as number;
    const at = candidates[i + 1] as number;
    // Rules of one step come one behind the other.
    askOf(question, steps[at] as AskedStep);
    if (asked(rule(index) as Rule, question)) hit(question, index, at);
  }
}

/**
 * Whether a rule fires on the step of a question; where that is quiet, whether it does whatever the values turn out to be
 * that are not known. It does where it ends in an error, or in more work than one plan may take: that is a violation of this rule,
 * and of no other.
 */
export function asked(stepRule: Rule, question: Question): boolean {
  try {
    return fires(stepRule, question);
  } catch {
    return true;
  }
}

export function fires(stepRule: Rule, question: Question): boolean {
  const { step } = question;
  const args = argsOf(step);
  if (isArray(stepRule)) return mayHold(stepRule, args, question);
  let reasons: readonly Reason[] | undefined;
  const test = (place: number): boolean => {
    const reason = (reasons ??= stepRule.r())[place] as Reason;
    if (!isCondition(reason)) return mayHold(reason as TestReason, args, question);
    return decides(reason[0](question), question);
  };
  return stepRule.f(test, step.tool, question);
}

const mayHold = (reason: TestReason, args: unknown, question: Question): boolean =>
  testHolds(kindOf(reason), reason, args, question);

/** Whether the test of a reason holds, or cannot tell, for the arguments. */
export function testHolds(kind: Kind, reason: TestReason, args: unknown, question: Question): boolean {
  const path = pathOf(reason);
  const quiet = question.mode === QUIET;
  if (path === null) {
    spendOnStep(question);
    return firesOn(kind, reason, args, quiet);
  }
  const ask = (value: unknown): boolean => {
    spendOnValue(question, value);
    return firesOn(kind, reason, value, quiet);
  };
  return typeof path === 'string' ? ask(get(args, path)) : anyAlong(args, path, 0, ask);
}

/** Whether an outcome of a condition makes its rule fire: only `false` does not, and what is told later. */
export function decides(outcome: unknown, { mode }: Question): boolean {
  if (outcome instanceof UnknownValue) return mode !== QUIET || isOpaque(outcome);
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
export function firesOn(kind: Kind, reason: TestReason, value: unknown, quiet: boolean): boolean {
  const { onText, test, negated } = kind;
  const operand = operandOf(reason);
  // What is no object is known, and asked without making anything.
  if (typeof value !== 'object' || value === null) {
    if (!onText) return test(value, operand) !== negated;
    if (typeof value === 'string') return test(value, operand);
    return typeof value === 'number' && test(decimalText(value), operand);
  }
  const holds = (given: unknown): boolean => test(given, operand);
  if (value instanceof UnknownValue) return foreseen(kind, reason, value, holds, quiet);
  if (!onText) return holds(value) !== negated;
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
function foreseen(
  { foresight = ofAnyText, negated }: Kind,
  reason: TestReason,
  value: UnknownValue,
  holds: Holds,
  quiet: boolean,
): boolean {
  if (isOpaque(value) && foresight !== asWritten) return true;
  const [, , operand, , sought] = reason;
  const outcome = foresight(value, holds, reason.length > 4 ? sought : operand);
  return outcome === null ? !quiet : outcome !== negated;
}
