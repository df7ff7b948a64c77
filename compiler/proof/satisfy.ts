import { findName } from '../glob/search.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import { alternatives } from './cases.ts';
import type { Atom } from './cases.ts';
import { pathKey } from './demand.ts';
import type { Demand } from './demand.ts';
import { decideGroup } from './group.ts';
import { classOf } from './values.ts';

/**
 * Whether no step can make a condition hold for sure, which is certain where the answer is `true`. Such a condition
 * may still fire, where its tests cannot tell: `amount > 10` and `amount < 5` both do on a text.
 */
export function neverHolds(condition: Expr): boolean {
  return alternatives(condition, 'or')?.every(isImpossible) ?? false;
}

/** Whether a condition fires on every step, which is certain where the answer is `true`. */
export function alwaysFires(condition: Expr): boolean {
  return alternatives(condition, 'and')?.every(cannotAllFail) ?? false;
}

/** One of the tests fires on every step. */
function cannotAllFail(clause: readonly Atom[]): boolean {
  const tools = clause.flatMap((atom) =>
    atom.kind === 'tool' ? [{ globs: atom.globs, matches: atom.negated }] : [],
  );
  if (tools.length > 0 && findName(tools) === null) return true;
  // Where no text is, none that is asked for is.
  return groupsOf(clause).some(
    (tests) =>
      !tests.every(asksForText) &&
      decideGroup(tests.map((test) => ({ ...test, fires: false }))).kind === 'impossible',
  );
}

/** Whether a condition can fire on a step that uses one of the tools; `false` is certain. */
export function mayFireOn(condition: Expr, tools: readonly string[]): boolean {
  const cubes = alternatives(condition, 'or');
  return (
    cubes?.some((cube) => findName([...toolDemands(cube), { globs: tools, matches: true }]) !== null) ?? true
  );
}

const toolDemands = (cube: readonly Atom[]): { globs: readonly string[]; matches: boolean }[] =>
  cube.flatMap((atom) => (atom.kind === 'tool' ? [{ globs: atom.globs, matches: !atom.negated }] : []));

function isImpossible(cube: readonly Atom[]): boolean {
  const tools = toolDemands(cube);
  if (tools.length > 1 && findName(tools) === null) return true;
  return groupsOf(cube).some((tests) => cannotAllHold(withoutPresence(tests)));
}

/** The tests of each argument. */
function groupsOf(atoms: readonly Atom[]): readonly (readonly ArgTest[])[] {
  const groups = new Map<string, ArgTest[]>();
  for (const atom of atoms) {
    if (atom.kind !== 'arg') continue;
    const group = groups.get(pathKey(atom.path));
    if (group) group.push(atom);
    else groups.set(pathKey(atom.path), [atom]);
  }
  return [...groups.values()];
}

/**
 * The tests of an argument but for its presence, which also stands beside a test of an argument that may be missing: what says
 * nothing (`null`, `""`) may satisfy that test for sure, and it cannot be told whether it is present.
 */
function withoutPresence(tests: readonly ArgTest[]): readonly ArgTest[] {
  const others = tests.filter(({ test }) => test.operation !== 'exists');
  return others.some(({ test }) => test.operation !== 'missing') ? others : tests;
}

const asksForText = ({ test, negated }: ArgTest): boolean =>
  classOf(test) === 'text' && negated === test.operation.startsWith('not_');

/**
 * Of the texts of a value each may satisfy another test, so every test that asks for a text is held against the
 * others alone. Texts anywhere in the arguments never exclude each other.
 */
function cannotAllHold(tests: readonly ArgTest[]): boolean {
  if (tests[0]?.path === null) return false;
  const others = tests.filter((test) => !asksForText(test));
  const asking = tests.filter(asksForText);
  // What a single text test asks for there is, but for patterns that match nothing.
  if (others.length === 0) return false;
  const sets = asking.length === 0 ? [others] : asking.map((one) => [one, ...others]);
  return sets.some((set) => decideGroup(set.map(holding)).kind === 'impossible');
}

/** That a test holds for sure: its opposite does not fire. */
function holding({ path, test, negated }: ArgTest): Demand {
  return { path, test, negated: !negated, fires: false };
}
