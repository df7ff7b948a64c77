import type { Cause } from '../module/cause.ts';
import { argsOf, NO_STEP } from '../module/question.ts';
import type { Plan, Question } from '../module/question.ts';
import { fires, firesOn, kindOf } from '../rules/ask.ts';
import type { Rule } from '../rules/ask.ts';
import { bad, get } from '../rules/core.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';
import { whyOpen } from './why-open.ts';
import { isCondition, isSchema } from '../module/reason.ts';
import type { Kind, Reason, Segments, TestReason } from '../module/reason.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

interface Place {
  readonly path: string;
  readonly value: unknown;
}

type Secret = (text: string) => boolean;

/** The first reason that holds for the step, as path and sentence. Never shows a text, nor a name that is secret. */
export function explain(rule: Rule, at: number, question: Question, secret: Secret): Cause {
  question.step = (question.plan as Plan).steps[at] ?? NO_STEP;
  const reasons: readonly Reason[] = isArray(rule) ? [rule] : rule.r();
  for (const reason of reasons) {
    const cause = causeOf(reason, question, secret);
    if (cause) return cause;
  }
  const tool = `\`${shown(question.step.tool, secret)}\``;
  return fires(rule, question)
    ? { path: '', message: `the step uses ${tool}` }
    : { path: '', message: `nobody can tell for ${tool}: it would take more work than one plan may` };
}

function causeOf(reason: Reason, question: Question, secret: Secret): Cause | null {
  if (isSchema(reason)) {
    const [, explains] = reason;
    return explains(question, secret);
  }
  if (isCondition(reason)) {
    const [asks, says] = reason;
    const outcome = asks(question);
    return outcome === false ? null : { path: '', message: `${says}${outcomeOf(outcome)}` };
  }
  return explainTest(kindOf(reason), reason, question, secret);
}

/** The same of a test of an argument. */
export function explainTest(
  kind: Kind,
  reason: TestReason,
  { step }: Question,
  secret: Secret,
): Cause | null {
  const [written, , operand, other] = reason;
  const { onText, before, after, shows } = kind;
  const segments = typeof written === 'string' ? [written] : (written ?? []);
  const firesFor = (value: unknown): boolean => firesOn(kind, reason, value, false);
  const place = locate(argsOf(step), segments, 0, '', firesFor);
  if (place === null) return null;
  const { path, value } = onText ? textAt(place, firesFor, secret) : place;
  const tool = shown(step.tool, secret);
  const phrase =
    after === undefined ? before : `${before}${shownAs(other === undefined ? operand : other)}${after}`;
  const subject = path === '' ? `a text in the call of \`${tool}\`` : `argument \`${path}\` of \`${tool}\``;
  if (value instanceof UnknownValue && (isOpaque(value) || !firesOn(kind, reason, value, true)))
    return { path, message: `${subject} ${whyOpen(value)}, so nobody can tell whether it ${phrase}` };
  return { path, message: `${subject} ${phrase}${shows ? ` (it is ${described(value)})` : ''}` };
}

/** As JSON; a text that needs other escapes than these comes with them, as an object. */
function shownAs(operand: unknown): string {
  if (isArray(operand)) return operand.map(shownAs).join(', ');
  if (typeof operand === 'string') return `"${operand.replace(/["\\]/g, '\\$&')}"`;
  return typeof operand === 'object' && operand !== null
    ? `"${(operand as { readonly source: string }).source}"`
    : `${operand as number}`;
}

function outcomeOf(outcome: unknown): string {
  if (outcome === undefined) return '';
  const { reason } = outcome as { readonly reason?: string };
  return outcome === true ? ' holds' : ` cannot be decided: ${reason}`;
}

function described(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === bad) return 'inside something that is not an object';
  if (typeof value === 'number') return `${value}`;
  return isArray(value)
    ? 'an array, not a number'
    : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}, not a number`;
}

const shown = (name: string, secret: Secret): string => (secret(name) ? '[secret]' : name);

const step = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** The first value along the path for which the test holds. */
function locate(
  value: unknown,
  segments: Segments,
  at: number,
  path: string,
  test: (value: unknown) => boolean,
): Place | null {
  const segment = segments[at];
  if (segment === undefined) return test(value) ? { path, value } : null;
  if (segment !== 0 || value instanceof UnknownValue)
    return locate(
      get(value, segment === 0 ? '*' : segment),
      segments,
      at + 1,
      segment === 0 ? `${path}[*]` : step(path, segment),
      test,
    );
  if (value === undefined) return locate(undefined, segments, at + 1, `${path}[*]`, test);
  if (!isArray(value)) return { path, value: bad };
  for (let i = 0; i < value.length; i += 1) {
    const place = locate(value[i], segments, at + 1, `${path}[${i}]`, test);
    if (place) return place;
  }
  return null;
}

/** The place of the first text that fires. A key that does is shown by the object it stands in. */
function textAt({ path, value }: Place, firesFor: (value: unknown) => boolean, secret: Secret): Place {
  if (typeof value !== 'object' || value === null || value === bad || value instanceof UnknownValue)
    return { path, value };
  if (isArray(value)) {
    const i = value.findIndex(firesFor);
    return i < 0 ? { path, value } : textAt({ path: `${path}[${i}]`, value: value[i] }, firesFor, secret);
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (firesFor(key)) return { path, value };
    if (firesFor(object[key]))
      return textAt({ path: step(path, shown(key, secret)), value: object[key] }, firesFor, secret);
  }
  return { path, value };
}
