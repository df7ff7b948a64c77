/**
 * Code that stands in front of the rules in every emitted module, as far as they use it. It names `isArray` and
 * `hasOwn`, which the module's factory takes from the runtime, and nothing else from outside.
 *
 * The plan has been checked before (`plan.ts`): plain objects and arrays, no cycles, depth and size within limits.
 */
import { decimalText } from '../text/decimal.ts';
import { wordsIn } from '../text/reads-like.ts';
import { isOpaque, isWhole, memberOf, UnknownValue } from '../text/references.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];
declare const hasOwn: (object: object, key: string) => boolean;

type TextPredicate = (text: string, x: unknown) => boolean;

/** What reading a path gives where it leads through something that is no object. */
export const bad: object = {};

/** Stands for a text of a size that is worth asking about. */
export class Sized {
  size = 0;
}

/** Own member of an object; `undefined` where there is none, `bad` where `object` is no object. */
export function get(object: unknown, key: string): unknown {
  if (object === undefined || object === bad) return object;
  if (typeof object !== 'object' || object === null || isArray(object)) return bad;
  if (object instanceof UnknownValue) return inUnknown(object, key);
  return hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

/** A text has no members; what is no text may have any. */
export function inUnknown(value: UnknownValue, key: string): unknown {
  if (isOpaque(value)) return value;
  return isWhole(value) ? memberOf(value, key) : bad;
}

/** Whether the test holds for any text at or below the value, as it is written: strings, keys, numbers as decimal text. `x` goes to the test. */
export function texts(value: unknown, test: TextPredicate, x?: unknown): boolean {
  if (typeof value === 'string') return test(value, x);
  if (typeof value === 'number') return test(decimalText(value), x);
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof UnknownValue) return test(value.text, x);
  if (isArray(value)) {
    for (let i = 0; i < value.length; i += 1) if (texts(value[i], test, x)) return true;
    return false;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) if (test(key, x) || texts(object[key], test, x)) return true;
  return false;
}

/** Length of a string in code points, of an array, number of keys of an object; -1 for anything else. */
export function size(value: unknown): number {
  if (typeof value === 'string') {
    let pairs = 0;
    for (let i = 1; i < value.length; i += 1) {
      const unit = value.charCodeAt(i);
      const before = value.charCodeAt(i - 1);
      if (unit >= 0xdc00 && unit < 0xe000 && before >= 0xd800 && before < 0xdc00) pairs += 1;
    }
    return value.length - pairs;
  }
  if (typeof value !== 'object' || value === null || value === bad) return -1;
  if (isArray(value)) return value.length;
  if (value instanceof Sized) return value.size;
  let keys = 0;
  for (const key in value) if (hasOwn(value, key)) keys += 1;
  return keys;
}

/** The most that a tool may find in a value: the length of its own, or what is inside arrays of arrays and lists of words. */
export function largest(value: unknown): number {
  const own = size(value);
  if (typeof value === 'string' || own < 0) return own;
  let most = 0;
  if (isArray(value)) {
    for (let i = 0; i < value.length; i += 1) most += listed(value[i]);
    return most > own ? most : own;
  }
  if (value instanceof Sized || value instanceof UnknownValue) return own;
  const object = value as Record<string, unknown>;
  for (const key in object) {
    const inside = isArray(object[key]) ? largest(object[key]) : 0;
    if (inside > most) most = inside;
  }
  return most > own ? most : own;
}

/** For how many elements of a list one stands. */
function listed(element: unknown): number {
  if (isArray(element)) return largest(element);
  return typeof element === 'string' ? wordsIn(element) : 1;
}

/** Whether a value is a number one can compare: 1e309 reads as Infinity, which is none. */
export function fin(value: unknown): boolean {
  return typeof value === 'number' && value - value === 0;
}

/** JSON's own types; `integer` is a number without a fraction. */
export function isType(value: unknown, type: string): boolean {
  if (value === null) return type === 'null';
  if (typeof value === 'object') return type === (isArray(value) ? 'array' : 'object');
  if (type === 'integer') return typeof value === 'number' && value % 1 === 0;
  return typeof value === type && type !== 'undefined';
}

/** Whether a name is the given literal parts with any run of characters between each two. */
export function glob(name: string, parts: readonly string[]): boolean {
  const last = parts.length - 1;
  const first = parts[0] ?? '';
  const tail = parts[last] ?? '';
  if (!name.startsWith(first) || !name.endsWith(tail)) return false;
  let at = first.length;
  const end = name.length - tail.length;
  if (at > end) return false;
  for (let i = 1; i < last; i += 1) {
    const part = parts[i] ?? '';
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** The smallest of some numbers. */
export function least(numbers: readonly number[]): number {
  let found = 1 / 0;
  for (const number of numbers) if (number < found) found = number;
  return found;
}
