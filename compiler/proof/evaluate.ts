import { globMatches } from '../glob/covers.ts';
import type { ArgPath } from '../ir/path.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import { isOpaque, isWhole, memberOf, readText, UnknownValue } from '../spelling/index.ts';
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
  const found = valuesAt(args, path ?? []);
  const each = (value: unknown): boolean => value === UNTOLD || firesOn(test, negated, value);
  // A negated test speaks of all values of its path.
  return negated ? found.every(each) : found.some(each);
}

/** What stands at a path below the arguments; a symbol where `[*]` finds no array. */
export function valuesAt(value: unknown, path: ArgPath): readonly unknown[] {
  const [segment, ...rest] = path;
  if (segment === undefined || value instanceof UnknownValue) return [value];
  const unknown = typeof value === 'string' ? readText(value) : null;
  // What lies in it may be anything, and may not be there.
  if (unknown && (isOpaque(unknown) || isWhole(unknown)))
    return [memberOf(unknown, typeof segment === 'string' ? segment : '[*]')];
  if (typeof segment === 'string') return valuesAt(member(value, segment), rest);
  if (value === undefined) return valuesAt(undefined, rest);
  return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [UNTOLD];
}

function member(object: unknown, key: string): unknown {
  if (object === undefined || object === BAD) return object;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return BAD;
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
