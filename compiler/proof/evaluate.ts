import { globMatches } from '../glob/covers.ts';
import type { ArgPath } from '../ir/path.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import {
  heldIn,
  heldInUnknown,
  isOpaque,
  isWhole,
  memberOf,
  readText,
  UnknownValue,
} from '../spelling/index.ts';
import type { View } from '../ir/document.ts';
import { BAD, firesOn } from './values.ts';

/** Whether a condition fires on a step: unless it is known to fail. */
export function fires(expr: Expr, tool: string, args: unknown): boolean {
  switch (expr.kind) {
    case 'constant':
      return expr.value;
    case 'tool':
      return expr.globs.some((glob) => globMatches(glob, tool)) !== expr.negated;
    case 'and':
      return expr.items.every((item) => fires(item, tool, args));
    case 'or':
      return expr.items.some((item) => fires(item, tool, args));
    case 'arg':
      return argFires(expr, args);
    // Proofs are about patterns; a CEL condition stands beside them unchanged, so it may hold here.
    case 'cel':
    case 'invalid-args':
      return true;
  }
}

/** Stands for what a `[*]` finds where there is no array: no test can tell. */
const UNTOLD: unique symbol = Symbol('untold');

function argFires({ path, test, negated }: ArgTest, args: unknown): boolean {
  const found = testedBy(test, valuesAt(args, path ?? []));
  // What a text holds is no text of the plan: nothing in it is a reference.
  const asked = test.view ? { ...test, written: true as const } : test;
  const each = (value: unknown): boolean => value === UNTOLD || firesOn(asked, negated, value);
  // A negated test speaks of all values of its path.
  return negated ? found.every(each) : found.some(each);
}

/** The values at a path that a test is of: what they hold, where it takes them for something. */
export const testedBy = ({ view }: ArgTest['test'], values: readonly unknown[]): readonly unknown[] =>
  view ? values.flatMap((value) => along(held(view, value), view.path, false)) : values;

function held(view: View, value: unknown): unknown {
  if (value === undefined || value === UNTOLD || value === BAD) return value;
  const unknown = typeof value === 'string' ? readText(value) : null;
  if (value instanceof UnknownValue || unknown)
    return heldInUnknown(view, unknown ?? (value as UnknownValue), BAD);
  return typeof value === 'string' ? heldIn(view, value, BAD) : BAD;
}

/** What stands at a path below the arguments; a symbol where `[*]` finds no array. */
export const valuesAt = (value: unknown, path: ArgPath): readonly unknown[] => along(value, path, true);

/** @param isPlan - whether texts are the plan's, which may be references */
function along(value: unknown, path: ArgPath, isPlan: boolean): readonly unknown[] {
  const [segment, ...rest] = path;
  if (segment === undefined || value === UNTOLD || value instanceof UnknownValue) return [value];
  const unknown = isPlan && typeof value === 'string' ? readText(value) : null;
  // What lies in it may be anything, and may not be there.
  if (unknown && (isOpaque(unknown) || isWhole(unknown)))
    return [memberOf(unknown, typeof segment === 'string' ? segment : '[*]')];
  if (typeof segment === 'string') return along(member(value, segment), rest, isPlan);
  if (value === undefined) return along(undefined, rest, isPlan);
  return Array.isArray(value) ? value.flatMap((item) => along(item, rest, isPlan)) : [UNTOLD];
}

function member(object: unknown, key: string): unknown {
  if (object === undefined || object === BAD) return object;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return BAD;
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
