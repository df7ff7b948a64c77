/** Tests of what the text of an argument holds: the arguments are put in its place while the rule is asked. */
import { argsOf } from '../module/question.ts';
import type { Question } from '../module/question.ts';
import type { Segments, TestReason } from '../module/reason.ts';
import { OPEN, UNREADABLE } from '../text/decode/form.ts';
import type { Form } from '../text/decode/form.ts';
import { isOpaque, isWhole, memberOf, UnknownValue } from '../text/references.ts';
import { kindOf, testHolds } from './ask.ts';
import { bad, get, inUnknown } from './core.ts';
import { spendOnValue } from './text-work.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** What an argument is taken for, as the module writes it down. */
export interface View {
  /** The argument that holds the text. */
  readonly path: Segments;
  readonly form: Form;
  /** "a URL". */
  readonly noun: string;
}

/** Asks something about the step of a question with what its argument holds in the argument's place. */
export function seen<T>(view: View, question: Question, ask: (question: Question) => T): T {
  const { step } = question;
  const read = (value: unknown): unknown => decoded(view, value, question);
  const args = along(argsOf(step), view.path, 0, read);
  question.step = { id: step.id, tool: step.tool, args };
  try {
    return ask(question);
  } finally {
    question.step = step;
  }
}

/** Whether a test of what an argument holds makes its rule fire. */
export const holdsSeen = (view: View, reason: TestReason, question: Question): boolean =>
  seen(view, question, () => testHolds(kindOf(reason), reason, argsOf(question.step), question));

/** Arguments of which only the path is left, with what the values at its end hold. */
function along(value: unknown, path: Segments, at: number, read: (value: unknown) => unknown): unknown {
  const segment = path[at];
  if (segment === undefined) return read(value);
  if (segment !== 0) return { [segment]: along(get(value, segment), path, at + 1, read) };
  if (value instanceof UnknownValue) return [along(inUnknown(value, '*'), path, at + 1, read)];
  if (isArray(value)) return value.map((item) => along(item, path, at + 1, read));
  return value === undefined ? undefined : bad;
}

function decoded({ form, noun }: View, value: unknown, question: Question): unknown {
  if (value === undefined || value === bad) return value;
  if (value instanceof UnknownValue) return foretold(form, noun, value);
  if (typeof value !== 'string') return bad;
  spendOnValue(question, value, form.work);
  return readable(form.whole(value));
}

const readable = (value: unknown): unknown => (value === UNREADABLE ? bad : value);

/** What is held by all texts that begin as this one does; nobody knows where it may be one thing or the other. */
function foretold({ start }: Form, noun: string, value: UnknownValue): unknown {
  if (isOpaque(value)) return value;
  const told = isWhole(value) || !start ? OPEN : start(value.known?.[0] ?? '');
  return told === OPEN ? memberOf(value, noun) : readable(told);
}
