/**
 * Readers that turn unknown values into typed ones and refuse everything they do not know: the runtime's
 * schema language, small enough to read.
 */
import { entriesOf, freeze, fromBase64, fromEntries, hasOwn, isArray } from './platform.ts';

/** Returns the typed value, or throws a SyntaxError that names the place. `undefined` stands for "not there". */
export type Reader<T> = (value: unknown, at: string) => T;
type Read<R> = R extends Reader<infer T> ? T : never;

function refuse(at: string): never {
  throw new SyntaxError(`${at} is not as it must be`);
}

/** An object with exactly these members. */
export function object<S extends Readonly<Record<string, Reader<unknown>>>>(
  shape: S,
): Reader<{ readonly [K in keyof S]: Read<S[K]> }> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || isArray(value)) return refuse(at);
    for (const key of Object.keys(value)) if (!hasOwn(shape, key)) refuse(`${at}.${key}`);
    const members = entriesOf(shape).map(([key, read]): [string, unknown] => [
      key,
      read(hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined, `${at}.${key}`),
    ]);
    return freeze(fromEntries(members)) as { readonly [K in keyof S]: Read<S[K]> };
  };
}

export function list<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, at) =>
    isArray(value) ? freeze(Array.from(value, (each: unknown, i) => item(each, `${at}[${i}]`))) : refuse(at);
}

/** `null`, or what `read` reads. */
export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : read(value, at));
}

/** Text that matches the whole of `pattern`. */
export function text(pattern: RegExp): Reader<string> {
  return (value, at) => (typeof value === 'string' && pattern.test(value) ? value : refuse(at));
}

export const string: Reader<string> = (value, at) => (typeof value === 'string' ? value : refuse(at));

export function functionOf<F>(): Reader<F> {
  return (value, at) => (typeof value === 'function' ? (value as F) : refuse(at));
}

export const sha256Hex = text(/^[0-9a-f]{64}$/);

/** Of a bundle, an audience or a rule: up to 255 printable ASCII characters, no space at the ends. */
export const name = text(/^(?! )[ -~]{1,255}(?<! )$/);

export function oneOf<const T extends string>(values: readonly T[]): Reader<T> {
  return (value, at) => values.find((each) => each === value) ?? refuse(at);
}

export const natural: Reader<number> = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(at);

export const finite: Reader<number> = (value, at) =>
  Number.isFinite(value) ? (value as number) : refuse(at);

/** Canonical base64 (RFC 4648 §4, §3.5), decoded. */
export const base64: Reader<Uint8Array> = (value, at) => fromBase64(string(value, at));

/**
 * Milliseconds of an RFC 3339 instant in UTC with a literal `Z`, to the second or to the millisecond; `NaN` for anything else.
 * Dates that do not exist (February 30, second 60) are refused: engines disagree on what they mean.
 */
export function instantMillis(value: string): number {
  const millis = Date.parse(value);
  const written = millis - millis === 0 ? new Date(millis).toISOString() : '';
  // Not a year of more than four digits.
  return value[4] === '-' && (written === value || written === value.replace('Z', '.000Z')) ? millis : NaN;
}

/** RFC 3339 in UTC, kept as text. */
export const instant: Reader<string> = (value, at) =>
  Number.isNaN(instantMillis(string(value, at))) ? refuse(at) : (value as string);
