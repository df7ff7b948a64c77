/**
 * A static upper bound on what a backtracking engine does, so that the native RegExp is used only where the whole
 * search is linear whatever the text.
 *
 * Two numbers are followed through the tree, each as `count · n^degree` for a text of length n: `ways`, how often
 * what follows a part can be tried anew, and `tests`, how many characters are looked at in all of these tries.
 * An attempt is made at every start position, so a pattern that may begin anywhere needs degree 0; one that begins
 * with `^` is attempted once and may have degree 1.
 */
import { disjoint } from '../syntax/charset.ts';
import { firstSet, isTextStart, nullable, sequence, type PatternNode } from '../syntax/node.ts';

interface Growth {
  readonly count: number;
  readonly degree: number;
}

export interface BacktrackingBound {
  /** How often a continuation is tried, per start position (per text where the pattern is anchored). */
  readonly ways: number;
  /** Character tests per character of the text. */
  readonly tests: number;
}

interface Cost {
  readonly ways: Growth;
  readonly tests: Growth;
}

/** Parts compared with each other, or looked ahead over; beyond, the bound is coarser. */
const MOST_COMPARED = 64;

const constant = (count: number): Growth => ({ count, degree: 0 });
const ONCE = constant(1);
const times = (a: Growth, b: Growth): Growth => ({ count: a.count * b.count, degree: a.degree + b.degree });
/** Sound for n ≥ 1, which is all there is to bound. */
const plus = (a: Growth, b: Growth): Growth => ({
  count: a.count + b.count,
  degree: Math.max(a.degree, b.degree),
});
const larger = (a: Growth, b: Growth): Growth => ({
  count: Math.max(a.count, b.count),
  degree: Math.max(a.degree, b.degree),
});

/** The bound, or `undefined` where the search is not linear. */
export function backtrackingBound(node: PatternNode): BacktrackingBound | undefined {
  const { ways, tests } = cost(node);
  const anchored = isAnchored(node);
  if (ways.degree > 1 || tests.degree > (anchored ? 1 : 0)) return undefined;
  if (!Number.isFinite(ways.count) || !Number.isFinite(tests.count)) return undefined;
  return { ways: ways.count, tests: Math.max(1, tests.count) };
}

function isAnchored(node: PatternNode): boolean {
  if (node.kind === 'sequence') return node.items[0] !== undefined && isAnchored(node.items[0]);
  if (node.kind === 'choice') return node.items.every(isAnchored);
  return isTextStart(node);
}

function cost(node: PatternNode): Cost {
  switch (node.kind) {
    case 'set':
    case 'near':
      return { ways: ONCE, tests: ONCE };
    case 'word':
      return { ways: ONCE, tests: constant(2) };
    case 'look':
      // Once decided, a lookaround is not entered again for the same place.
      return { ways: ONCE, tests: cost(node.body).tests };
    case 'choice':
      return choiceCost(node.items);
    case 'repeat':
      return repeatCost(node.body, node.min, node.max);
    case 'sequence':
      return sequenceCost(node.items);
  }
}

function choiceCost(items: readonly PatternNode[]): Cost {
  const costs = items.map(cost);
  // Where the first character already tells the alternatives apart, only one of them is entered for good.
  const firsts = items.length <= MOST_COMPARED && !items.some(nullable) ? items.map(firstSet) : undefined;
  const apart = firsts?.every((first, i) => firsts.slice(i + 1).every((other) => disjoint(first, other)));
  const none: Cost = { ways: constant(0), tests: constant(0) };
  if (!apart) {
    return costs.reduce((a, b) => ({ ways: plus(a.ways, b.ways), tests: plus(a.tests, b.tests) }), none);
  }
  const most = costs.reduce(
    (a, b) => ({ ways: larger(a.ways, b.ways), tests: larger(a.tests, b.tests) }),
    none,
  );
  return { ways: most.ways, tests: plus(most.tests, constant(items.length)) };
}

function repeatCost(body: PatternNode, min: number, max: number): Cost {
  const one = cost(body);
  const single = one.ways.count <= 1 && one.ways.degree === 0;
  if (max === Infinity) {
    if (!single || nullable(body)) return { ways: constant(Infinity), tests: constant(Infinity) };
    return { ways: { count: 1, degree: 1 }, tests: { count: one.tests.count, degree: one.tests.degree + 1 } };
  }
  if (single) {
    return { ways: constant(max - min + 1), tests: times(constant(max), one.tests) };
  }
  let ways = constant(0);
  let entered = constant(0);
  let power = ONCE;
  for (let i = 0; i <= max && Number.isFinite(power.count); i++) {
    if (i >= min) ways = plus(ways, power);
    if (i < max) entered = plus(entered, power);
    power = times(power, one.ways);
  }
  if (!Number.isFinite(power.count)) ways = constant(Infinity);
  return { ways, tests: times(entered, one.tests) };
}

function sequenceCost(items: readonly PatternNode[]): Cost {
  let ways = ONCE;
  let tests = constant(0);
  items.forEach((item, i) => {
    const one = cost(item);
    tests = plus(tests, times(ways, one.tests));
    const failing =
      item.kind === 'repeat' ? testsToFail(item.body, items.slice(i + 1, i + 1 + MOST_COMPARED)) : undefined;
    if (failing === undefined) ways = times(ways, one.ways);
    // The loop can be left in one place only; leaving it elsewhere fails at once, which is paid for here.
    else tests = plus(tests, times(times(ways, one.ways), constant(failing)));
  });
  return { ways, tests };
}

/**
 * For a loop over one set of characters before something that must begin outside that set: how many tests it takes
 * to find out, at a character of the loop, that the rest does not follow. `undefined` for anything else.
 */
function testsToFail(body: PatternNode, rest: readonly PatternNode[]): number | undefined {
  if (body.kind !== 'set') return undefined;
  const following = sequence(rest);
  if (nullable(following) || !disjoint(body.set, firstSet(following))) return undefined;
  return immediateTests(following);
}

/** Tests of a part that fails on its first character; `undefined` where that is not plain to see. */
function immediateTests(node: PatternNode): number | undefined {
  switch (node.kind) {
    case 'set':
    case 'near':
      return 1;
    case 'word':
      return 2;
    case 'look':
      return undefined;
    case 'repeat':
      return node.body.kind === 'set' ? 1 : undefined;
    case 'choice':
      return node.items.some(nullable) ? undefined : total(node.items);
    case 'sequence': {
      const end = node.items.findIndex((item) => !nullable(item));
      return total(end < 0 ? node.items : node.items.slice(0, end + 1));
    }
  }
}

function total(items: readonly PatternNode[]): number | undefined {
  let sum = 0;
  for (const item of items) {
    const tests = immediateTests(item);
    if (tests === undefined) return undefined;
    sum += tests;
  }
  return sum;
}
