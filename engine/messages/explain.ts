import type { Rule } from '../rules/ask.ts';
import { firesOn } from '../rules/ask.ts';
import { bad, get } from '../rules/core.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';
import { whyOpen } from './why-open.ts';
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
  for (const reason of reasons) {
    const [written, kindOrNumber, operand, other] = reason;
    const [onText, test, , before, after, shows] = kindOf(kindOrNumber);
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
    const fires = (value: unknown): boolean => firesOn(kindOf(kindOrNumber), reason, value, false);
    const found = locate(args, segments, 0, '', fires);
    if (found === null) continue;
    const leaf = onText ? textAt(found, fires, secret) : found;
    const { path, value } = leaf;
    const subject = path === '' ? `a text in the call of \`${tool}\`` : `argument \`${path}\` of \`${tool}\``;
    if (
      value instanceof UnknownValue &&
      (isOpaque(value) || !firesOn(kindOf(kindOrNumber), reason, value, true))
    )
      return { path, message: `${subject} ${whyOpen(value)}, so nobody can tell whether it ${phrase}` };
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

const shown = (name: string, secret: Secret): string => (secret(name) ? '[secret]' : name);

const step = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

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
    const found = locate(value[i], segments, at + 1, `${path}[${i}]`, test);
    if (found) return found;
  }
  return null;
}

/** The place of the first text that fires. A key that does is shown by the object it stands in. */
function textAt({ path, value }: Found, fires: (value: unknown) => boolean, secret: Secret): Found {
  if (typeof value !== 'object' || value === null || value === bad || value instanceof UnknownValue)
    return { path, value };
  if (isArray(value)) {
    const i = value.findIndex(fires);
    return i < 0 ? { path, value } : textAt({ path: `${path}[${i}]`, value: value[i] }, fires, secret);
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (fires(key)) return { path, value };
    if (fires(object[key]))
      return textAt({ path: step(path, shown(key, secret)), value: object[key] }, fires, secret);
  }
  return { path, value };
}
