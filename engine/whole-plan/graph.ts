/**
 * A plan as a graph: what each step waits for, whose results it reads, and what its failure does. Built once a plan,
 * in time linear in the plan, when the first rule asks for it.
 *
 * The check of the plan refuses dangling and circular plans by the same `readText`: what it takes for a dependency
 * and what a rule takes for one cannot differ.
 */
import { argsOf } from '../module/question.ts';
import { idsOf } from './facts.ts';
import { effectOf } from './effect.ts';
import type { Facts, Lists, PlanGraph, Step } from './shape.ts';
import { isOpaque, readText, UnknownValue } from '../text/references.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** What the failure of a step does: its dependents stay away, run all the same, or other steps run; or who knows. */
export const STOPS = 0;
export const CONTINUES = 1;
export const HANDLED = 2;
export const UNKNOWN = 3;
const WORDS = { abort: STOPS, retry: STOPS, continue: CONTINUES, unknown: UNKNOWN } as const;

export function graphOf(plan: Facts): PlanGraph {
  plan.graph ??= planGraph(plan);
  return plan.graph;
}

/** What is asked of a plan, found once. */
export function remembered<Key extends object, Found>(
  graph: PlanGraph,
  key: Key,
  find: (graph: PlanGraph, key: Key) => Found,
): Found {
  let found = graph.found.get(key) as Found | undefined;
  if (found === undefined) graph.found.set(key, (found = find(graph, key)));
  return found;
}

function planGraph(plan: Facts): PlanGraph {
  const { steps } = plan;
  const indexOf = idsOf(plan);
  const { waits, reads, opaque, readsAny } = edges(steps, indexOf);
  const effects: number[] = [];
  const starts = [0];
  const items: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < steps.length; i += 1) {
    const effect = effectOf(plan, i);
    if (typeof effect === 'string') effects.push(WORDS[effect]);
    else {
      effects.push(HANDLED);
      for (const handler of effect) items.push(handler);
    }
    starts.push(items.length);
    if (effect === 'unknown') unknown.push(i);
  }
  const handlers = { starts, items };
  const runBy = turned(handlers);
  const order = ordered(waits, none(steps.length));
  return {
    steps,
    indexOf,
    waits,
    reads,
    order,
    effects,
    handlers,
    runBy,
    unknown,
    opaque,
    readsAny,
    work: 0,
    found: new Map(),
  };
}

/** Whether an executor can go through the list of steps: none waits for a later one. */
export function isListed({ steps, opaque, waits: { starts, items } }: PlanGraph): boolean {
  // Any but the last one may mean a later one.
  if (opaque.size > (opaque.has(steps.length - 1) ? 1 : 0)) return false;
  let step = 0;
  for (let at = 0; at < items.length; at += 1) {
    while (at === starts[step + 1]) step += 1;
    if ((items[at] as number) > step) return false;
  }
  return true;
}

function edges(
  steps: readonly Step[],
  indexOf: ReadonlyMap<string, number>,
): Pick<PlanGraph, 'waits' | 'reads' | 'opaque' | 'readsAny'> {
  const opaque = new Map<number, boolean>();
  const readsAny: number[] = [];
  const starts = [0];
  const items: number[] = [];
  const reads: number[] = [];
  /** The last step that noted each one, so that each is noted once a step. */
  const noted = zeros(steps.length);
  let noting = 0;
  const note = (id: string): void => {
    const other = indexOf.get(id);
    if (other === undefined || noted[other] === noting) return;
    noted[other] = noting;
    items.push(other);
  };
  const take = (read: UnknownValue): void => {
    for (const id of read.ids) note(id);
    if (isOpaque(read)) opaque.set(noting - 1, true);
  };
  for (const step of steps) {
    noting += 1;
    // What is not known in the arguments has been read; a text in them is one.
    eachUnknown(argsOf(step), take, false);
    reads.push(items.length);
    if (opaque.has(noting - 1)) readsAny.push(noting - 1);
    for (const key in step) {
      if (key === 'args' || key === 'parameters') continue;
      eachUnknown(step[key as keyof Step], take, true);
    }
    for (const id of step.depends_on ?? []) note(id);
    starts.push(items.length);
  }
  return { waits: { starts, items }, reads, opaque, readsAny };
}

/** What is not known at or below a value; `reads`: its texts have not been read yet. */
function eachUnknown(value: unknown, take: (read: UnknownValue) => void, reads: boolean): void {
  if (typeof value === 'string') {
    const read = reads ? readText(value) : null;
    if (read !== null) take(read);
  } else if (value instanceof UnknownValue) {
    take(value);
  } else if (isArray(value)) {
    for (const item of value) eachUnknown(item, take, reads);
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) eachUnknown((value as Record<string, unknown>)[key], take, reads);
  }
}

export function zeros(length: number): number[] {
  const made: number[] = [];
  for (let i = 0; i < length; i += 1) made.push(0);
  return made;
}

export const none = (length: number): Lists => ({ starts: zeros(length + 1), items: [] });

/** The same pairs, by the other side. */
export function turned({ starts, items }: Lists): Lists {
  const ends = zeros(starts.length);
  for (const item of items) ends[item + 1] = (ends[item + 1] as number) + 1;
  for (let i = 1; i < ends.length; i += 1) ends[i] = (ends[i] as number) + (ends[i - 1] as number);
  const next = [...ends];
  const by = zeros(items.length);
  for (let i = 0; i + 1 < starts.length; i += 1) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at += 1) {
      const item = items[at] as number;
      const place = next[item] as number;
      by[place] = i;
      next[item] = place + 1;
    }
  }
  return { starts: ends, items: by };
}

/** The steps in an order in which each stands behind those of its two lists, as far as there is no circle (depth first). */
export function ordered(waits: Lists, runBy: Lists): number[] {
  const order: number[] = [];
  const path: number[] = [];
  /** How many of its lists have been looked at; -1 for a step that was not come to. */
  const looked = zeros(waits.starts.length - 1).map(() => -1);
  const enter = (step: number): void => {
    if ((looked[step] as number) >= 0) return;
    looked[step] = 0;
    path.push(step);
  };
  for (let root = 0; root < looked.length; root += 1) {
    enter(root);
    while (path.length > 0) {
      const step = path[path.length - 1] as number;
      const at = looked[step] as number;
      looked[step] = at + 1;
      const other = ofBoth(waits, runBy, step, at);
      if (other !== undefined) enter(other);
      else {
        path.pop();
        order.push(step);
      }
    }
  }
  return order;
}

/** A step of the first list or, behind these, of the second. */
function ofBoth(first: Lists, second: Lists, step: number, at: number): number | undefined {
  const one = (first.starts[step] as number) + at;
  const over = one - (first.starts[step + 1] as number);
  if (over < 0) return first.items[one];
  const other = (second.starts[step] as number) + over;
  return other < (second.starts[step + 1] as number) ? second.items[other] : undefined;
}
