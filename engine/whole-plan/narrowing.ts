/** What narrows a rule about the whole plan: of the steps of its tools it governs those that satisfy a condition. */
import type { Cause } from '../module/cause.ts';
import { NOW, QUIET } from '../module/question.ts';
import type { Mode, Question } from '../module/question.ts';
import { explain } from '../messages/explain.ts';
import { asked } from '../rules/ask.ts';
import type { Rule } from '../rules/ask.ts';
import type { Facts, Step, WholePlanRule } from './shape.ts';

declare const Map: MapConstructor;

/** A condition on a step, as rules over steps have it; `undefined`: the tool alone says what is governed. */
export type Narrowing = Rule | undefined;

/** Whether the rule governs a step of its tools, or nobody can tell: that counts as if it did. */
export const mayGovern = (narrowing: Narrowing, question: Question, facts: Facts, step: number): boolean =>
  narrowing === undefined || told(narrowing, question, facts, step, NOW);

/** Whether it does whatever the values turn out to be that are not known. */
export const surelyGoverns = (
  narrowing: Narrowing,
  question: Question,
  facts: Facts,
  step: number,
): boolean =>
  mayGovern(narrowing, question, facts, step) &&
  (narrowing === undefined || told(narrowing, question, facts, step, QUIET));

/** As the mode of the question has it. */
export const governs = (narrowing: Narrowing, question: Question, facts: Facts, step: number): boolean =>
  question.mode === QUIET
    ? surelyGoverns(narrowing, question, facts, step)
    : mayGovern(narrowing, question, facts, step);

/** Found once a plan and step, whoever asks. */
function told(narrowing: Rule, question: Question, facts: Facts, at: number, mode: Mode): boolean {
  const known = facts.narrowed.get(narrowing) ?? new Map<number, boolean>();
  facts.narrowed.set(narrowing, known);
  const key = at * 2 + (mode === QUIET ? 1 : 0);
  let answer = known.get(key);
  if (answer === undefined)
    known.set(key, (answer = ask(narrowing, question, facts.steps[at] as Step, mode)));
  return answer;
}

function ask(narrowing: Rule, question: Question, step: Step, mode: Mode): boolean {
  const { step: stepBefore, mode: modeBefore, textOfStep } = question;
  question.step = step;
  question.mode = mode;
  question.textOfStep = -1;
  const answer = asked(narrowing, question);
  question.step = stepBefore;
  question.mode = modeBefore;
  question.textOfStep = textOfStep;
  return answer;
}

/** A message with what it is that makes the rule govern the step. */
export function withReason(
  cause: Cause,
  narrowing: Rule,
  question: Question,
  step: Step,
  secret: (text: string) => boolean,
): Cause {
  const alone: Question = { ...question, plan: { steps: [step] }, step, mode: NOW, textOfStep: -1 };
  const { message } = explain(narrowing, 0, alone, secret);
  return { ...cause, message: `${cause.message}; the rule governs this step because ${message}` };
}

/** The rule whose messages say why it governs a step. */
export function narrowed(
  rule: WholePlanRule,
  narrowing: Rule,
  isOf: (tool: string) => boolean,
): WholePlanRule {
  return {
    c: rule.c,
    w(question, at, secret) {
      const cause = rule.w(question, at, secret);
      const step = (question.plan as { readonly steps: readonly Step[] }).steps[at];
      return step && isOf(step.tool) ? withReason(cause, narrowing, question, step, secret) : cause;
    },
  };
}
