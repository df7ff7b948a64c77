/**
 * A plan as a graph: what each step waits for, whose results it reads, and what its failure does. Built once a plan,
 * in time linear in the plan, when the first rule asks for it.
 *
 * The check of the plan refuses dangling and circular plans by the same `references`: what it takes for a dependency
 * and what a rule takes for one cannot differ.
 */
import { argsOf, idsOf } from './facts.ts';
import type { Facts, Step } from './facts.ts';
import { effectOf } from './on-fail.ts';
import { references } from './references.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** What the failure of a step does: its dependents stay away, run all the same, or other steps run; or who knows. */
export const STOPS = 0;
export const CONTINUES = 1;
export const HANDLED = 2;
export const UNKNOWN = 3;
const WORDS = { abort: STOPS, retry: STOPS, continue: CONTINUES, unknown: UNKNOWN } as const;

export interface PlanGraph {
  readonly steps: readonly Step[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** What each step waits for: `depends_on` and the references in any of its strings, each once. */
  readonly waits: readonly Steps[];
  /** The steps whose results stand in its arguments. */
  readonly reads: readonly Steps[];
  /** All steps, each behind what it waits for. */
  readonly order: Steps;
  /** `STOPS`, `CONTINUES`, `HANDLED` or `UNKNOWN`. */
  readonly effects: Steps;
  /** The steps that its failure runs. */
  readonly handlers: readonly Steps[];
  /** The steps whose failure runs it; those whose `on_fail` is unknown may run any. */
  readonly runBy: readonly Steps[];
  readonly unknown: Steps;
  /** What a rule has found in this plan, by its data. */
  readonly found: Map<object, unknown>;
}

/** Steps by their place in the plan. */
export type Steps = readonly number[];

const NONE: Steps = [];

export function graphOf(plan: Facts): PlanGraph {
  plan.graph ??= planGraph(plan);
  return plan.graph;
}

function planGraph(plan: Facts): PlanGraph {
  const { steps } = plan;
  const indexOf = idsOf(plan);
  const [waits, reads] = edges(steps, indexOf);
  const effects: number[] = [];
  const handlers: Steps[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < steps.length; i += 1) {
    const effect = effectOf(plan, i);
    const isWord = typeof effect === 'string';
    effects.push(isWord ? WORDS[effect] : HANDLED);
    handlers.push(isWord ? NONE : effect);
    if (effect === 'unknown') unknown.push(i);
  }
  const order = ordered(waits, []);
  const runBy = turned(handlers);
  return { steps, indexOf, waits, reads, order, effects, handlers, runBy, unknown, found: new Map() };
}

/**
 * The plan as run by an executor that goes through the list: every step waits for all in front of it. That they have
 * ended is a node of its own behind each step, so that there are no more edges than steps. The graph itself where
 * some step waits for a later one, for then nothing goes by the list.
 */
export function listed(graph: PlanGraph): PlanGraph {
  const { steps, waits, effects, runBy } = graph;
  if (waits.some((some, i) => some.some((other) => other > i))) return graph;
  const { length } = steps;
  const none = steps.map(() => NONE);
  const before = (i: number): Steps => (i === 0 ? NONE : [length + i - 1]);
  return {
    ...graph,
    waits: [...none.map((_, i) => before(i)), ...none.map((_, i) => [i, ...before(i)])],
    order: steps.flatMap((_, i) => [i, length + i]),
    effects: [...effects, ...steps.map(() => CONTINUES)],
    runBy: [...runBy, ...none],
  };
}

function edges(
  steps: readonly Step[],
  indexOf: ReadonlyMap<string, number>,
): readonly [waits: Steps[], reads: Steps[]] {
  const waits: Steps[] = [];
  const reads: Steps[] = [];
  /** The last step that noted each one, so that each is noted once a step. */
  const noted: number[] = [];
  let list: number[] = [];
  const note = (id: string): void => {
    const other = indexOf.get(id);
    if (other === undefined || noted[other] === waits.length) return;
    noted[other] = waits.length;
    list.push(other);
  };
  for (let i = 0; i < steps.length; i += 1) noted.push(-1);
  for (const step of steps) {
    list = [];
    eachText(argsOf(step), (text) => references(text, note));
    reads.push(list.length === 0 ? NONE : [...list]);
    for (const key in step) {
      if (key === 'args' || key === 'parameters') continue;
      eachText(step[key as keyof Step], (text) => references(text, note));
    }
    for (const id of step.depends_on ?? []) note(id);
    waits.push(list.length === 0 ? NONE : list);
  }
  return [waits, reads];
}

/** Strings and keys at or below a value. */
function eachText(value: unknown, take: (text: string) => void): void {
  if (typeof value === 'string') {
    take(value);
  } else if (isArray(value)) {
    for (const item of value) eachText(item, take);
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      take(key);
      eachText((value as Record<string, unknown>)[key], take);
    }
  }
}

/** The same pairs, by the other side. */
function turned(lists: readonly Steps[]): number[][] {
  const by: number[][] = lists.map(() => []);
  lists.forEach((list, i) => list.forEach((other) => by[other]?.push(i)));
  return by;
}

/**
 * The steps in an order in which each stands behind what it waits for, and, as far as there is no circle, behind
 * those whose failure runs it (Kahn 1962). `rest` ends the order where circles leave some out.
 */
export function ordered(waits: readonly Steps[], rest: Steps, runBy: readonly Steps[] = []): number[] {
  const behind = turned(waits.map((some, i) => [...some, ...(runBy[i] ?? NONE)]));
  const left = waits.map((some, i) => some.length + (runBy[i] ?? NONE).length);
  const order = left.flatMap((count, i) => (count === 0 ? [i] : []));
  for (let at = 0; at < order.length; at += 1) {
    for (const step of behind[order[at] as number] ?? NONE) {
      left[step] = (left[step] as number) - 1;
      if (left[step] === 0) order.push(step);
    }
  }
  return order.length < waits.length ? [...order, ...rest.filter((step) => left[step] !== 0)] : order;
}
