import type { Fields } from './walk.ts';

declare const Map: MapConstructor;

const UNNAMED = /^\s|\s$|[{}]|\.result\b/;

/** What is told of a step, -1 for the plan as a whole. */
export type Report = (rule: string, message: string, stepIndex: number) => void;

/** What steps depend on, by `depends_on` and by references; kept from plan to plan. */
export interface Dependencies {
  /** Pairs: step, and the number of the id of the step it depends on. */
  from: number[];
  to: number[];
  readonly numbers: Map<string, number>;
  /** By number of an id: the last step that named it as a dependency. */
  last: number[];
  /** More were named than may be. */
  overflown: boolean;
}

export function newDependencies(): Dependencies {
  return { from: [], to: [], numbers: new Map(), last: [], overflown: false };
}

/** Forgets everything. */
export function resetDependencies(all: Dependencies): void {
  all.overflown = false;
  if (all.from.length === 0) return;
  all.from = [];
  all.to = [];
  all.last = [];
  all.numbers.clear();
}

/** Notes a dependency once a step, however often the step names it; up to `most` of them. */
export function depend(all: Dependencies, id: string, at: number, most: number): void {
  const { numbers } = all;
  const number = numbers.get(id) ?? numbers.size;
  if (all.last[number] === at) return;
  if (all.from.length >= most) {
    all.overflown = true;
    return;
  }
  if (number === numbers.size) numbers.set(id, number);
  all.last[number] = at;
  all.from.push(at);
  all.to.push(number);
}

/** Every dependency exists, none is the step itself, and there is an order that satisfies all. */
export function checkDependencies(
  { from, to, numbers }: Dependencies,
  steps: readonly unknown[],
  report: Report,
): void {
  if (from.length === 0) return;
  const indexOf = new Map(steps.map((step, i) => [(step as Fields)['id'] as string, i]));
  // Another reader of a reference to such a step could find another one.
  for (const [id, at] of indexOf) if (UNNAMED.test(id)) report('shape', 'no reference can name `id`', at);
  const targets = [...numbers.keys()].map((id) => indexOf.get(id) ?? -1);
  const waiting = steps.map(() => 0);
  const missing = new Map<number, 1>();
  // What depends on a step, as a chain: the last dependency noted, and for each the one noted before it.
  const latest = steps.map(() => -1);
  const before = from.map((at, edge) => {
    const target = targets[to[edge] ?? 0] ?? -1;
    const other = latest[target] ?? -1;
    if (target < 0) missing.set(at, 1);
    else if (target === at) report('self_dependency', 'the step depends on itself', at);
    else {
      waiting[at] = (waiting[at] ?? 0) + 1;
      latest[target] = edge;
    }
    return other;
  });
  for (const at of missing.keys())
    report('missing_dependency', 'the step refers to a step that is not in the plan', at);
  // Kahn 1962: take away what depends on nothing; what is left stands in or behind a cycle.
  const ready = [...waiting.keys()].filter((at) => waiting[at] === 0);
  // The list grows while it is walked.
  for (const done of ready) {
    for (let edge = latest[done] ?? -1; edge >= 0; edge = before[edge] ?? -1) {
      const child = from[edge] ?? 0;
      const left = (waiting[child] ?? 0) - 1;
      waiting[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  const stuck = waiting.findIndex((count) => count > 0);
  if (stuck >= 0) report('cycle', 'steps depend on each other in a circle', stuck);
}
