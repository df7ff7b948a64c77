import { bad } from '../rules/core.ts';
import type { Step } from './shape.ts';
import { valueAt } from './value.ts';
import type { Names } from './value.ts';
import { isOpaque, UnknownValue } from '../text/references.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/**
 * The values at these paths as one text: two of them are equal where all values are. `null` where one is missing,
 * `null`, not to be reached or not known exactly, for such a value equals nothing. `1` and `"1"` differ. A reference is its text.
 */
export function boundTo(step: Step, paths: readonly Names[]): string | null {
  let key = '';
  for (const path of paths) {
    const value = valueAt(step, path);
    if (isNothing(value)) return null;
    key += spell(value);
  }
  return key;
}

/**
 * Whether a value equals nothing: none is there, it is an integer that a double does not tell from its neighbour, or a text in it is
 * not understood, for of that even the same text may come to be another value.
 */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === bad ||
  holdsUnknown(value, true) ||
  (typeof value === 'number' && value % 1 === 0 && (value > MOST_EXACT || value < -MOST_EXACT));

const MOST_EXACT = 9007199254740991;

/** Whether some of the values are not known yet. */
export function isOpen(step: Step, paths: readonly Names[]): boolean {
  return paths.some((path) => holdsUnknown(valueAt(step, path), false));
}

/** Whether something is not known at or below a value; `opaque`: is a text that is not understood. */
function holdsUnknown(value: unknown, opaque: boolean): boolean {
  if (value instanceof UnknownValue) return !opaque || isOpaque(value);
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(value)) return value.some((item) => holdsUnknown(item, opaque));
  const members = value as Record<string, unknown>;
  for (const key in members) if (holdsUnknown(members[key], opaque)) return true;
  return false;
}

/** Each text ends itself, so that those of two values in a row cannot be read in another way. */
export function spell(value: unknown): string {
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (value instanceof UnknownValue) return `r${value.text.length}:${value.text}`;
  if (isArray(value)) return `[${value.map(spell).join('')}]`;
  if (typeof value !== 'object' || value === null) return `${value as number | boolean | null};`;
  const members = value as Record<string, unknown>;
  const keys: string[] = [];
  for (const key in members) keys.push(key);
  return `{${keys
    .sort()
    .map((key) => spell(key) + spell(members[key]))
    .join('')}}`;
}
