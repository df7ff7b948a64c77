import { ordered, remembered, turned, UNKNOWN, zeros } from './graph.ts';
import type { Lists, PlanGraph, Steps } from './shape.ts';
import { BITS, MOST_WORK } from './pairing.ts';

/** Steps that must come before others, those of equal values together. */
export interface Group {
  readonly governed: number[];
  readonly first: number[];
  /** A step of the right tool and values whose own `on_fail` lets the plan go on without it. */
  weak: boolean;
}

/** Looking at a step again, out of order, takes about so many times as long as in a pass. */
const AGAIN = 4;

/** The order in which a plan is passed over: what bears on a step stands in front of it, unless it leads back. */
interface Run {
  readonly order: Steps;
  readonly place: Steps;
  /** Steps behind which something stands that bears on them. */
  readonly early: Steps;
  /** The steps that wait for each. */
  readonly behind: Lists;
}

function runOf({ waits, runBy }: PlanGraph): Run {
  const order = ordered(waits, runBy);
  const place = zeros(order.length);
  order.forEach((step, at) => (place[step] = at));
  const standsBehind = ({ starts, items }: Lists, step: number): boolean => {
    for (let at = starts[step] as number; at < (starts[step + 1] as number); at += 1)
      if ((place[items[at] as number] as number) >= (place[step] as number)) return true;
    return false;
  };
  const early = order.filter((step) => standsBehind(waits, step) || standsBehind(runBy, step));
  return { order, place, early, behind: turned(waits) };
}

/** What is known of each step, a bit a group. */
interface Marks {
  /** It is one of the first steps of the group. */
  readonly first: number[];
  /** One of them has surely ended well when it starts. */
  readonly sure: number[];
  /** The same when it has ended. */
  readonly ended: number[];
}

/**
 * Calls `unsure` with the governed steps of groups of which it is not sure that, whenever they start, a first step of
 * the group has ended well. A step starts when all it waits for has ended, or when the failure of another runs it; what
 * is sure of both ways is sure. Thirty groups are told apart in one pass from the first of their steps to the last.
 */
export function dominated(graph: PlanGraph, groups: readonly Group[], unsure: (step: number) => void): void {
  const run = remembered(graph, runOf, runOf);
  const { order, place } = run;
  const leadsBack = run.early.length > 0 || graph.unknown.length > 0;
  const placed = withoutDirect(graph, groups).map((group) => ({ group, from: least(group.first, place) }));
  placed.sort((a, b) => a.from - b.from);
  const made = (): number[] => zeros(order.length);
  const marks: Marks = { first: made(), sure: made(), ended: made() };
  for (let at = 0; at < placed.length; at += BITS) {
    const some = placed.slice(at, at + BITS);
    const all = 2 ** some.length - 1;
    let told = graph.work <= MOST_WORK;
    some.forEach(({ group }, bit) => {
      for (const step of group.first) marks.first[step] = (marks.first[step] as number) | (1 << bit);
    });
    // Without what leads back all that bears on a step is known when it is come to.
    const [from, to] = leadsBack ? [0, order.length - 1] : [some[0]?.from ?? 0, last(some, place)];
    if (told && leadsBack) told = settle(graph, run, marks, all);
    else if (told) pass(graph, order, marks, from, to);
    some.forEach(({ group }, bit) => {
      for (const step of group.governed)
        if (!told || ((marks.sure[step] as number) & (1 << bit)) === 0) unsure(step);
      for (const step of group.first) marks.first[step] = 0;
    });
    for (let i = from; told && i <= to; i += 1) {
      marks.sure[order[i] as number] = 0;
      marks.ended[order[i] as number] = 0;
    }
  }
}

/** What is left to be asked when the steps are left out that wait for a first step of their group themselves, as most do. */
function withoutDirect({ waits, runBy, unknown }: PlanGraph, groups: readonly Group[]): readonly Group[] {
  if (unknown.length > 0) return groups;
  const groupOf = zeros(waits.starts.length).map(() => -1);
  groups.forEach(({ first }, i) => first.forEach((step) => (groupOf[step] = i)));
  const isOpen = (step: number, group: number): boolean => {
    if (runBy.starts[step] !== runBy.starts[step + 1]) return true;
    for (let at = waits.starts[step] as number; at < (waits.starts[step + 1] as number); at += 1)
      if (groupOf[waits.items[at] as number] === group) return false;
    return true;
  };
  return groups
    .map((group, i) => ({ ...group, governed: group.governed.filter((step) => isOpen(step, i)) }))
    .filter(({ governed }) => governed.length > 0);
}

const least = (steps: Steps, place: Steps): number =>
  steps.reduce(
    (from, step) => ((place[step] as number) < from ? (place[step] as number) : from),
    place.length,
  );

/** Where the last of the governed steps stands. */
function last(some: readonly { readonly group: Group }[], place: Steps): number {
  let to = 0;
  for (const { group } of some)
    for (const step of group.governed) if ((place[step] as number) > to) to = place[step] as number;
  return to;
}

/** Looks at one step; whether less is sure of it than before. */
function look(
  { waits, runBy }: PlanGraph,
  { first, sure, ended }: Marks,
  step: number,
  most: number,
): boolean {
  let mask = 0;
  const { starts, items } = waits;
  const end = starts[step + 1] as number;
  for (let at = starts[step] as number; at < end; at += 1) mask |= ended[items[at] as number] as number;
  mask &= most;
  const runEnd = runBy.starts[step + 1] as number;
  for (let at = runBy.starts[step] as number; at < runEnd; at += 1)
    mask &= sure[runBy.items[at] as number] as number;
  const isLess = mask !== sure[step];
  sure[step] = mask;
  ended[step] = mask | (first[step] as number);
  return isLess;
}

function cost({ waits, runBy }: PlanGraph, step: number): number {
  const of = ({ starts }: Lists): number => (starts[step + 1] as number) - (starts[step] as number);
  return 1 + of(waits) + of(runBy);
}

function pass(graph: PlanGraph, order: Steps, marks: Marks, from: number, to: number, most = -1): void {
  for (let at = from; at <= to; at += 1) {
    const step = order[at] as number;
    look(graph, marks, step, most);
    graph.work += cost(graph, step);
  }
}

/**
 * The greatest solution where something leads back: all is taken for sure, and taken away until nothing changes. `false`
 * where that takes too long.
 */
function settle(graph: PlanGraph, { order, early, behind }: Run, marks: Marks, all: number): boolean {
  const { handlers, effects, unknown } = graph;
  for (const step of order) {
    marks.sure[step] = all;
    marks.ended[step] = all;
  }
  pass(graph, order, marks, 0, order.length - 1, all);
  const waiting = zeros(order.length);
  const queue: number[] = [];
  const add = (step: number): void => {
    if (waiting[step] === 0) queue.push(step);
    waiting[step] = 1;
  };
  const addAll = ({ starts, items }: Lists, step: number): void => {
    for (let at = starts[step] as number; at < (starts[step + 1] as number); at += 1)
      add(items[at] as number);
  };
  early.forEach(add);
  // An unknown `on_fail` may run any step.
  let most = unknown.reduce((mask, step) => mask & (marks.sure[step] as number), all);
  if (most !== all) order.forEach(add);
  for (let at = 0; at < queue.length; at += 1) {
    if (graph.work > MOST_WORK) return false;
    const step = queue[at] as number;
    waiting[step] = 0;
    graph.work += AGAIN * cost(graph, step);
    if (!look(graph, marks, step, most)) continue;
    addAll(behind, step);
    addAll(handlers, step);
    if (effects[step] !== UNKNOWN || (most & ~(marks.sure[step] as number)) === 0) continue;
    most &= marks.sure[step] as number;
    order.forEach(add);
  }
  return true;
}
