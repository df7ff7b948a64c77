/** Arguments for tests of which one looks into what another one looks at: a value of `a` decides what `a.b` can be. */
import type { ArgPath } from '../ir/path.ts';
import type { Args } from './example.ts';
import { BAD } from './values.ts';

/** A path, and values that meet what is demanded of it alone. */
export interface Place {
  readonly path: ArgPath | null;
  readonly values: readonly unknown[];
}

/** What a place may hold besides, for the sake of another one: nothing, objects, and one of each other type. */
const BESIDES: readonly unknown[] = [undefined, {}, { key: 0 }, null, 'x', 1, true, []];
/** So many values are tried at one place. */
const MOST_VALUES = 32;
const MOST_TEXTS = 3;
/** So many ways to fill the members that come later. */
const MOST_BEHIND = 400;

interface TreeNode {
  readonly values: unknown[];
  readonly members: Map<string, TreeNode>;
}

/** Whether some place lies within another one. */
export const areNested = (places: readonly Place[]): boolean => {
  const paths = places.flatMap(({ path }) => namesOf(path) ?? []);
  return paths.some((outer) => paths.some((inner) => isWithin(inner, outer)));
};

/** Arguments that hold values at all of the places, the plainest first; none where a path is not of names alone. */
export function* nestedArgs(places: readonly Place[]): Generator<Args> {
  const root: TreeNode = { values: [], members: new Map() };
  for (const { path, values } of places) {
    const names = namesOf(path);
    if (!names?.[0]) return;
    put(root, names[0], values);
  }
  for (const object of objectsOf(root.members, [])) yield object;
}

/** The names of a path in a list of its own, so that `flatMap` leaves it whole; `null` for any other path. */
function namesOf(path: ArgPath | null): readonly [readonly string[]] | null {
  const names = path?.filter((segment) => typeof segment === 'string') ?? [];
  return path && names.length === path.length && !names.includes('__proto__') ? [names] : null;
}

const isWithin = (inner: readonly string[], outer: readonly string[]): boolean =>
  inner.length > outer.length && outer.every((name, i) => inner[i] === name);

function put(node: TreeNode, [name, ...rest]: readonly string[], values: readonly unknown[]): void {
  if (name === undefined) return void node.values.push(...values);
  const member = node.members.get(name) ?? { values: [], members: new Map() };
  node.members.set(name, member);
  put(member, rest, values);
}

/** @param above - texts that would do further out, where one may stand further in just as well */
function candidatesOf({ values, members }: TreeNode, above: readonly unknown[]): readonly unknown[] {
  const own = [...BESIDES, ...values.filter((value) => value !== BAD), ...above];
  if (members.size === 0) return own.slice(0, MOST_VALUES);
  const texts = values.filter((value) => typeof value === 'string').slice(0, MOST_TEXTS);
  const inside = [...objectsOf(members, [...texts, ...above])];
  const objects = own.filter(isObject).flatMap((object) => [object, withoutOne(object)]);
  const filled = inside.flatMap((inner) => objects.map((outer) => ({ ...outer, ...inner })));
  const others = own.filter((value) => !isObject(value));
  // In turn, so that neither kind is cut off.
  const both = Array.from({ length: Math.max(others.length, filled.length) }, (_, i) => [
    ...filled.slice(i, i + 1),
    ...others.slice(i, i + 1),
  ]);
  return both.flat().slice(0, MOST_VALUES * 4);
}

/** A member comes beside those of an object, so one of them makes room. */
const withoutOne = (object: Args): Args => Object.fromEntries(Object.entries(object).slice(1));

/** Every way to fill the members, up to a number; those that are not there are left out. */
function* objectsOf(members: ReadonlyMap<string, TreeNode>, above: readonly unknown[]): Generator<Args> {
  const [first, ...others] = members;
  if (!first) {
    yield {};
    return;
  }
  const [name, node] = first;
  const behind = [...objectsOf(new Map(others), above)].slice(0, MOST_BEHIND);
  for (const value of candidatesOf(node, above)) {
    for (const object of behind) yield value === undefined ? object : { ...object, [name]: value };
  }
}

const isObject = (value: unknown): value is Args =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
