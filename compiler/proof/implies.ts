import { findName } from '../glob/search.ts';
import type { GlobDemand } from '../glob/search.ts';
import type { Expr } from '../ir/program.ts';
import { Budget, BudgetSpent } from './budget.ts';
import { alternatives } from './cases.ts';
import type { Atom } from './cases.ts';
import { fires } from './evaluate.ts';
import { buildArgs, examplePlan } from './example.ts';
import type { Args, ExamplePlan } from './example.ts';
import { pathKey } from './demand.ts';
import type { Demand } from './demand.ts';
import { decideGroup } from './group.ts';
import type { GroupAnswer } from './group.ts';
import { areNested, nestedArgs } from './nested.ts';
import type { Place } from './nested.ts';
import { isSameTestNoWeaker } from './same-test.ts';

export type Proof =
  | { readonly kind: 'proved' }
  /** A plan on which the first condition fires and the second does not. */
  | { readonly kind: 'refuted'; readonly plan: ExamplePlan }
  | { readonly kind: 'undecided'; readonly reason: string };

/**
 * Proves that wherever `parent` fires `child` fires too, or shows a plan where it does not.
 *
 * The parent fires where one of its alternatives (an `and` of tests) does; the child fails where one of its
 * requirements (an `or` of tests) does. Each pair of the two is a list of demands on the tool and on single
 * arguments, and must be impossible. Arguments are taken as independent of each other, which can only make a
 * pair look possible that is not: then an example fails the check below, and the answer is `undecided`.
 *
 * What is proved by form costs little however long its lists are; all else is given up once its budget is spent.
 *
 * @param allowed - demands on the tool that an example should meet too, so that no other rule stops it
 */
export function implies(
  parent: Expr,
  child: Expr,
  allowed: readonly GlobDemand[] = [],
  budget = new Budget(),
): Proof {
  if (covered(parent, child)) return { kind: 'proved' };
  try {
    return compareCases(parent, child, allowed, budget);
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    const steps = budget.steps.toLocaleString('en');
    return { kind: 'undecided', reason: `the proof was given up after ${steps} steps, its budget` };
  }
}

function compareCases(parent: Expr, child: Expr, allowed: readonly GlobDemand[], budget: Budget): Proof {
  const cubes = alternatives(parent, 'or');
  const clauses = alternatives(child, 'and');
  if (!cubes || !clauses || cubes.length * clauses.length > 4_000) {
    return { kind: 'undecided', reason: 'the conditions have too many alternatives to be compared' };
  }
  let undecided: Proof | null = null;
  for (const cube of cubes) {
    for (const clause of clauses) {
      const found = decidePair(cube, clause, allowed, budget);
      if (found === 'impossible') continue;
      const plan = found && confirm(parent, child, found, budget);
      if (plan) return { kind: 'refuted', plan };
      undecided ??= { kind: 'undecided', reason: why(cube, clause) };
    }
  }
  return undecided ?? { kind: 'proved' };
}

/** By structure alone: the parent stands in the child as it is, with alternatives added beside it. */
function covered(parent: Expr, child: Expr): boolean {
  if (parent.kind === 'arg' && child.kind === 'arg' && isSameTestNoWeaker(parent, child)) return true;
  if (parent.kind === child.kind && JSON.stringify(parent) === JSON.stringify(child)) return true;
  if (parent.kind === 'or') return parent.items.every((item) => covered(item, child));
  if (child.kind === 'and') return child.items.every((item) => covered(parent, item));
  if (child.kind === 'or' && child.items.some((item) => covered(parent, item))) return true;
  return parent.kind === 'and' && parent.items.some((item) => covered(item, child));
}

interface Situation {
  readonly tool: string;
  /** For each path the values that would do; none where that cannot be told of it alone. */
  readonly places: readonly Place[];
}

/** Can all tests of the cube fire while none of the clause does? `null`: it cannot be told. */
function decidePair(
  cube: readonly Atom[],
  clause: readonly Atom[],
  allowed: readonly GlobDemand[],
  budget: Budget,
): Situation | 'impossible' | null {
  const wanted = [
    ...cube.map((atom) => ({ atom, fires: true })),
    ...clause.map((atom) => ({ atom, fires: false })),
  ];
  const globs = wanted.flatMap(({ atom, fires: wants }) =>
    atom.kind === 'tool' ? [{ globs: atom.globs, matches: wants !== atom.negated }] : [],
  );
  const tool = findName([...globs, ...allowed]) ?? findName(globs);
  if (tool === null) return 'impossible';
  const groups = new Map<string, Demand[]>();
  for (const { atom, fires: wants } of wanted) {
    if (atom.kind !== 'arg') continue;
    const demand = { path: atom.path, test: atom.test, negated: atom.negated, fires: wants };
    const key = pathKey(atom.path);
    groups.set(key, [...(groups.get(key) ?? []), demand]);
  }
  const quiet = (groups.get(pathKey(null)) ?? []).filter(isQuietEverywhere);
  const decided = [...groups.values()].map((demands) => {
    const all = isArgument(demands[0]?.path) ? [...demands, ...quiet] : demands;
    return { path: demands[0]?.path ?? null, answer: decideGroup(all, budget) };
  });
  if (decided.some(({ answer }) => answer.kind === 'impossible')) return 'impossible';
  if (tool === undefined) return null;
  return { tool, places: decided.map(({ path, answer }) => ({ path, values: valuesOf(answer) })) };
}

/** No text anywhere may make it fire, so none of a single argument may. */
const isQuietEverywhere = ({ negated, fires: fired }: Demand): boolean => !negated && !fired;

/** An argument itself. Further inside, what is no object makes a test of texts fire, and is no text. */
const isArgument = (path: Demand['path'] | undefined): boolean =>
  path?.length === 1 && typeof path[0] === 'string';

const valuesOf = (answer: GroupAnswer): readonly unknown[] =>
  answer.kind === 'possible' ? answer.values : [];

/** So many arguments are tried where one path lies within another, each for so many steps of the budget. */
const MOST_NESTED = 3_000;
const STEPS_EACH = 20;

/** Tries values until a plan shows the difference. */
function confirm(parent: Expr, child: Expr, { tool, places }: Situation, budget: Budget): ExamplePlan | null {
  const shows = (args: Args): boolean => fires(parent, tool, args) && !fires(child, tool, args);
  for (const args of independentArgs(places)) if (shows(args)) return examplePlan(tool, args);
  if (!areNested(places)) return null;
  let tried = 0;
  for (const args of nestedArgs(places)) {
    if ((tried += 1) > MOST_NESTED) return null;
    budget.spend(STEPS_EACH);
    if (shows(args)) return examplePlan(tool, args);
  }
  return null;
}

/** The first value of each path, and then each of the others in turn. */
function* independentArgs(places: readonly Place[]): Generator<Args> {
  if (places.some(({ values }) => values.length === 0)) return;
  const firsts = places.map(({ path, values }) => ({ path, value: values[0] }));
  const others = places.flatMap(({ values }, i) =>
    values.slice(1, 20).map((value) => firsts.map((first, j) => (i === j ? { ...first, value } : first))),
  );
  for (const attempt of [firsts, ...others]) {
    const args = buildArgs(attempt);
    if (args) yield args;
  }
}

function why(cube: readonly Atom[], clause: readonly Atom[]): string {
  const names = [
    ...new Set([...cube, ...clause].flatMap((atom) => (atom.kind === 'arg' ? [atom.test.operation] : []))),
  ];
  return `no case was found where it is weaker, but ${names.map((name) => `\`${name}\``).join(', ')} together are more than the prover decides`;
}
