import type { ArgPath } from '../ir/path.ts';
import { REFERENCE } from './unknown.ts';
import { BAD } from './values.ts';

/** A plan that shows a point: one step, and the one that it refers to, as JSON one can feed to `plan-lint validate`. */
export interface ExamplePlan {
  readonly id: string;
  readonly steps: readonly { readonly id: string; readonly tool: string; readonly args: Args }[];
}

export type Args = Readonly<Record<string, unknown>>;

export function examplePlan(tool: string, args: Args): ExamplePlan {
  const step = { id: 's1', tool, args };
  // A reference leads to a step that is there.
  const refers = JSON.stringify(args).includes(REFERENCE);
  return { id: 'counterexample', steps: refers ? [step, { id: 's0', tool: 'lookup', args: {} }] : [step] };
}

/**
 * Arguments that hold the values at their paths; `null` where two paths need different things of one place, or
 * where a value is none that JSON has.
 */
export function buildArgs(
  places: readonly { readonly path: ArgPath | null; readonly value: unknown }[],
): Args | null {
  const args: Record<string, unknown> = {};
  for (const { path, value } of places) {
    if (value === undefined) continue;
    if (value !== BAD && !isJson(value)) return null;
    // A BAD place is one that is reached through something that is no object.
    const reached = value === BAD ? path?.slice(0, -1) : path;
    const at = reached ?? ['note'];
    if (!put(args, at, value === BAD ? 'no object' : value)) return null;
  }
  return args;
}

/** Infinity is what JSON's 1e999 reads as, and it cannot be written back. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return Array.isArray(value) ? value.every(isJson) : typeof value !== 'symbol';
}

function put(object: Record<string, unknown>, path: ArgPath, value: unknown): boolean {
  const [segment, ...rest] = path;
  if (typeof segment !== 'string' || segment === '__proto__') return false;
  const star = rest.findIndex((next) => typeof next !== 'string');
  const [next] = rest;
  if (next === undefined) return fresh(object, segment) && set(object, segment, value);
  if (typeof next === 'string') {
    if (!Object.hasOwn(object, segment)) object[segment] = {};
    const inner = object[segment];
    return isPlain(inner) && put(inner, rest, value);
  }
  // Elements stand behind the first star; further stars get arrays of one.
  if (star !== 0 || !Array.isArray(value) || !fresh(object, segment)) return false;
  return set(
    object,
    segment,
    value.map((element) => nest(rest.slice(1), element)),
  );
}

function nest(path: ArgPath, value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  return typeof segment === 'string' ? { [segment]: nest(rest, value) } : [nest(rest, value)];
}

const fresh = (object: object, key: string): boolean => !Object.hasOwn(object, key);

function set(object: Record<string, unknown>, key: string, value: unknown): true {
  object[key] = value;
  return true;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
