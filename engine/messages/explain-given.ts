import type { Cause } from '../module/cause.ts';
import type { Question } from '../module/question.ts';
import type { TestReason } from '../module/reason.ts';
import { openTest } from '../rules/given.ts';
import type { GivenTest } from '../rules/given.ts';
import { bad } from '../rules/core.ts';
import { explainTest } from './explain.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** So many items of a caller's list are shown. */
const MOST_ITEMS = 8;

/** Why a test against what the caller says fires, with what that is. */
export function explainGiven(
  test: GivenTest,
  question: Question,
  secret: (text: string) => boolean,
): Cause | null {
  const { kind, reason, operand } = openTest(test, question);
  if (operand === bad || !test.shown) return explainTest(kind, reason, question, secret);
  const shown = (item: unknown): unknown => (typeof item === 'string' && secret(item) ? '[secret]' : item);
  const items = isArray(operand) ? operand : null;
  const more = items !== null && items.length > MOST_ITEMS ? ` and ${items.length - MOST_ITEMS} more` : '';
  const some = items === null ? shown(operand) : items.slice(0, MOST_ITEMS).map(shown);
  const [path, at, x, , sought] = reason;
  const told: TestReason = [path, at, x, some, sought];
  const isEmpty = items?.length === 0;
  const after = `${isEmpty ? 'nothing' : ''}${more}${kind.after ?? ''}`;
  return explainTest({ ...kind, after }, told, question, secret);
}
