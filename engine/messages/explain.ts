import type { Cause } from '../module/cause.ts';
import { argsOf, askOf, NO_STEP } from '../module/question.ts';
import type { Plan, Question } from '../module/question.ts';
import { fires, firesOn, kindOf } from '../rules/ask.ts';
import type { Rule } from '../rules/ask.ts';
import { bad, get } from '../rules/core.ts';
import { spendOnStep, spendOnValue, TOO_MUCH_WORK } from '../rules/text-work.ts';
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
  askOf(question, (question.plan as Plan).steps[at] ?? NO_STEP);
  const tool = `\`${shown(question.step.tool, secret)}\``;
  const reasons: readonly Reason[] = isArray(rule) ? [rule] : rule.r();
  try {
    for (const reason of reasons) {
      const cause = causeOf(reason, question, secret);
      if (cause) return cause;
    }
    if (fires(rule, question)) return { path: '', message: `the step uses ${tool}` };
  } catch (error) {
    if (error !== TOO_MUCH_WORK) throw error;
  }
  return { path: '', message: `nobody can tell for ${tool}: it would take more work than one plan may` };
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

/** The same of a test of an argument. Putting findings into words may take as much work as finding them. */
export function explainTest(
  kind: Kind,
  reason: TestReason,
  question: Question,
  secret: Secret,
): Cause | null {
  const [written, , operand, other] = reason;
  const { step } = question;
  const { onText, before, after, shows } = kind;
  const segments = typeof written === 'string' ? [written] : (written ?? []);
  const firesFor = (value: unknown): boolean => firesOn(kind, reason, value, false);
  const asksOf = (value: unknown): boolean => {
    if (written === null) spendOnStep(question);
    else spendOnValue(question, value);
    return firesFor(value);
  };
  const place = locate(argsOf(step), segments, 0, '', asksOf);
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

/** The place of the first text that fires, at or below a place. */
function textAt({ path, value }: Place, firesFor: (value: unknown) => boolean, secret: Secret): Place {
  const found = textBelow(value, firesFor, secret);
  if (found === null) return { path, value };
  return { path: path === '' ? found.path.replace(/^\./, '') : `${path}${found.path}`, value: found.value };
}

/**
 * The same below a value: its path from there, and what it is. A key that fires is shown by the object it stands in. Each text is asked
 * once, however deep it stands.
 */
function textBelow(value: unknown, firesFor: (value: unknown) => boolean, secret: Secret): Place | null {
  if (typeof value !== 'object' || value === null || value === bad || value instanceof UnknownValue)
    return firesFor(value) ? { path: '', value } : null;
  if (isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const found = textBelow(value[i], firesFor, secret);
      if (found) return { path: `[${i}]${found.path}`, value: found.value };
    }
    return null;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (firesFor(key)) return { path: '', value };
    const found = textBelow(object[key], firesFor, secret);
    if (found) return { path: `.${shown(key, secret)}${found.path}`, value: found.value };
  }
  return null;
}
