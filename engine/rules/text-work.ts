/** How much text the rules over steps may look at in one plan. Guards keep most of them from being asked at all. */
import { argsOf } from '../module/question.ts';
import type { AskedStep, Question } from '../module/question.ts';
import { mayReadOtherwise } from '../text/plain.ts';
import { isLong } from '../text/decimal.ts';
import { UnknownValue } from '../text/references.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Characters times tests: ten tests of a text of a million. */
const MOST_TEXT = 10_000_000;
/** What asking takes that looks at no text, in characters. */
const LEAST = 60;
/** What looking at one value takes, however short it is, in characters. */
const EACH = 24;
/** A number that has hundreds of digits in decimal. */
const LONG = 400;
/** A text that may be read in other ways is looked at in each of them. */
const READINGS = 3;

/** Thrown where no more may be looked at; whoever asks the rule takes it for an answer that is not known. */
export const TOO_MUCH_WORK = { reason: 'more work than one plan may take' };

/** Called when a plan is to be decided. */
export function refillText(question: Question): void {
  question.textLeft = MOST_TEXT;
  question.textOfStep = -1;
  question.textOfPlan = -1;
}

/**
 * Whether so many rules surely have enough for so many steps, however their texts are shared out.
 *
 * @param characters - of all steps together
 */
export const sufficesFor = (rules: number, steps: number, characters: number): boolean =>
  rules * (LEAST * steps + READINGS * characters) <= MOST_TEXT;

/** Called before the arguments of the step are tested as a whole. */
export function spendOnStep(question: Question): void {
  if (question.textOfStep < 0) question.textOfStep = textIn(argsOf(question.step));
  spend(question, question.textOfStep);
}

/** Called before the arguments of so many steps are tested as a whole. */
export function spendOnSteps(question: Question, steps: readonly AskedStep[]): void {
  question.textOfPlan = question.textOfPlan < 0 ? textIn(steps.map(argsOf)) : question.textOfPlan;
  spend(question, question.textOfPlan);
}

/** Called before one value of the step is tested, or read `times` as slowly as it is tested. */
export function spendOnValue(question: Question, value: unknown, times = 1): void {
  spend(question, textIn(value) * times);
}

function spend(question: Question, characters: number): void {
  question.textLeft -= LEAST + characters;
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- `Error` is a global, and a module has no free name
  if (question.textLeft < 0) throw TOO_MUCH_WORK;
}

/** The characters at or below a value, in all the ways in which they are looked at. */
function textIn(value: unknown): number {
  if (typeof value === 'string') return EACH + value.length * (mayReadOtherwise(value) ? READINGS : 1);
  if (typeof value === 'number') return isLong(value) ? LONG : EACH;
  if (typeof value !== 'object' || value === null) return EACH;
  // Each of its known parts is looked at.
  if (value instanceof UnknownValue) return EACH * (value.known?.length ?? 1) + value.text.length * READINGS;
  let sum = 0;
  if (isArray(value)) {
    for (let i = 0; i < value.length; i += 1) sum += textIn(value[i]);
    return sum;
  }
  const members = value as Record<string, unknown>;
  for (const key in members) sum += textIn(key) + textIn(members[key]);
  return sum;
}
