import type { Rule } from '../rules/ask.ts';
import { bad, get, texts } from '../rules/core.ts';
import { kindOf } from '../module/reason.ts';
import type { Segments } from '../module/reason.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

interface Found {
  readonly path: string;
  readonly value: unknown;
}

type Secret = (text: string) => boolean;
type WholeTest = (args: unknown, tool: string, secret: Secret) => { path: string; message: string } | null;

/** The first reason that holds for these arguments, as path and sentence. Never shows a text, nor a name that is secret. */
export function explain(
  rule: Rule,
  args: unknown,
  used: string,
  secret: Secret,
): { path: string; message: string } {
  const tool = shown(used, secret);
  const reasons = isArray(rule) ? [rule] : rule.r();
  for (const [written, kindOrNumber, operand, other] of reasons) {
    const [onText, test, negated, before, after, shows] = kindOf(kindOrNumber);
    if (onText === 3) {
      const cause = (test as unknown as WholeTest)(args, used, secret);
      if (cause) return cause;
      continue;
    }
    const phrase =
      after === undefined ? before : `${before}${shownAs(other === undefined ? operand : other)}${after}`;
    const segments = typeof written === 'string' ? [written] : (written ?? []);
    if (onText === 2) {
      const outcome = (test as () => unknown)();
      if (outcome === false) continue;
      return { path: '', message: `${phrase}${outcomeOf(outcome)}` };
    }
    const holds = (value: unknown): boolean =>
      (test as (value: unknown, x: unknown) => boolean)(value, operand);
    const onValue = onText ? (value: unknown): boolean => value === bad || texts(value, holds) : holds;
    const found = locate(args, segments, 0, '', onValue);
    // A negated test speaks of all values of its path, so none of them may hold.
    if ((found === null) !== Boolean(negated)) continue;
    const path = found === null ? show(segments) : onText ? textPath(found, holds, secret) : found.path;
    const value = found === null ? single(args, segments) : found.value;
    const subject = path === '' ? `a text in the call of \`${tool}\`` : `argument \`${path}\` of \`${tool}\``;
    return { path, message: `${subject} ${phrase}${shows ? ` (it is ${kind(value)})` : ''}` };
  }
  return { path: '', message: `the step uses \`${tool}\`` };
}

/** As JSON; a text that needs other escapes than these comes with them, as an object. */
function shownAs(operand: unknown): string {
  return isArray(operand)
    ? operand.map(shownAs).join(', ')
    : typeof operand === 'string'
      ? `"${operand.replace(/["\\]/g, '\\$&')}"`
      : typeof operand === 'object' && operand !== null
        ? `"${(operand as { readonly source: string }).source}"`
        : `${operand as number}`;
}

function outcomeOf(outcome: unknown): string {
  if (outcome === undefined) return '';
  const { reason } = outcome as { readonly reason?: string };
  return outcome === true ? ' holds' : ` cannot be decided: ${reason}`;
}

function kind(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === bad) return 'inside something that is not an object';
  if (typeof value === 'number') return `${value}`;
  return isArray(value)
    ? 'an array, not a number'
    : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}, not a number`;
}

const show = (segments: Segments): string =>
  segments.reduce<string>((path, segment) => (segment === 0 ? `${path}[*]` : step(path, segment)), '');

const shown = (name: string, secret: Secret): string => (secret(name) ? '[secret]' : name);

const step = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function single(value: unknown, segments: Segments): unknown {
  return segments.reduce<unknown>((at, segment) => (segment === 0 ? undefined : get(at, segment)), value);
}

/** The first value along the path for which the test holds. */
function locate(
  value: unknown,
  segments: Segments,
  at: number,
  path: string,
  test: (value: unknown) => boolean,
): Found | null {
  const segment = segments[at];
  if (segment === undefined) return test(value) ? { path, value } : null;
  if (segment !== 0) return locate(get(value, segment), segments, at + 1, step(path, segment), test);
  if (value === undefined) return locate(undefined, segments, at + 1, `${path}[*]`, test);
  if (!isArray(value)) return { path, value: bad };
  for (let i = 0; i < value.length; i += 1) {
    const found = locate(value[i], segments, at + 1, `${path}[${i}]`, test);
    if (found) return found;
  }
  return null;
}

/** The place of the first text that holds. A key that holds is shown by the object it stands in. */
function textPath({ path, value }: Found, holds: (text: string) => boolean, secret: Secret): string {
  if (typeof value !== 'object' || value === null || value === bad) return path;
  if (isArray(value)) {
    const i = value.findIndex((item) => texts(item, holds));
    return textPath({ path: `${path}[${i}]`, value: value[i] }, holds, secret);
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (holds(key)) return path;
    if (texts(object[key], holds))
      return textPath({ path: step(path, shown(key, secret)), value: object[key] }, holds, secret);
  }
  return path;
}
