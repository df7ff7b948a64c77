import type { Cause } from '../module/cause.ts';
import type { Question } from '../module/question.ts';
import type { Kind, TestReason } from '../module/reason.ts';
import { kindOf } from '../rules/ask.ts';
import { bad } from '../rules/core.ts';
import { seen } from '../rules/seen.ts';
import { asWritten } from '../rules/unknown.ts';
import type { View } from '../rules/seen.ts';
import { explainTest } from './explain.ts';

type Secret = (text: string) => boolean;

/** Why a test of what an argument holds fires: the argument does not hold it, or what it holds. */
export function explainSeen(
  view: View,
  question: Question,
  secret: Secret,
  explains: (question: Question, secret: Secret) => Cause | null,
): Cause | null {
  return seen(view, question, () => {
    const place: TestReason = [view.path, -1];
    return explainTest(unreadable(view), place, question, secret) ?? explains(question, secret);
  });
}

/** The same of a test whose operand the policy has. */
export const explainReason =
  (reason: TestReason) =>
  (question: Question, secret: Secret): Cause | null =>
    explainTest(kindOf(reason), reason, question, secret);

const unreadable = ({ noun }: View): Kind => ({
  onText: false,
  test: (value) => value === bad,
  negated: false,
  before: `cannot be read as ${noun} in one way only, so nobody can tell what it holds`,
  after: undefined,
  shows: false,
  trip: 0,
  // What is not known yet is another matter.
  foresight: asWritten,
});
