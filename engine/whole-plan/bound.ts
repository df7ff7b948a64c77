import { bad } from '../rules/core.ts';
import type { Step } from './shape.ts';
import { valueAt } from './value.ts';
import type { Names } from './value.ts';

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

/** Whether a value equals nothing: none is there, or it is an integer that a double does not tell from its neighbour. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === bad ||
  (typeof value === 'number' && value % 1 === 0 && (value > MOST_EXACT || value < -MOST_EXACT));

const MOST_EXACT = 9007199254740991;

/** Each text ends itself, so that those of two values in a row cannot be read in another way. */
function spell(value: unknown): string {
  if (typeof value === 'string') return `s${value.length}:${value}`;
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
