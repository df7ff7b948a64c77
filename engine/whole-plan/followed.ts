/**
 * Which steps are surely followed by one with equal values when they have ended well. Such a step waits for the one in
 * question, and whatever else it waits for, directly or not, lets it run even when it fails, or has ended before that one starts.
 */
import { CONTINUES, zeros } from './graph.ts';
import type { PlanGraph, Steps } from './shape.ts';
import { BITS, MOST_WORK } from './pairing.ts';

const ALL = 2 ** BITS - 1;

/** What each step is to be followed by, and is: a text for the values they share, `null` where there is none. */
export interface Keys {
  readonly wanted: readonly (string | null)[];
  readonly given: readonly (string | null)[];
}

type Follows = (step: number) => boolean;

/** The same where every step waits for all in front of it: the next one that keeps others away has to be the one. */
export function followedInList({ effects, runBy, unknown }: PlanGraph, { wanted, given }: Keys): Follows {
  const next = zeros(effects.length);
  let stopper = -1;
  for (let step = effects.length - 1; step >= 0; step -= 1) {
    next[step] = stopper;
    if (effects[step] !== CONTINUES) stopper = step;
  }
  // What a failure runs has waited for nothing, so that nothing in front of it may keep others away.
  const isRun = (step: number): boolean =>
    unknown.length > 0 || runBy.starts[step] !== runBy.starts[step + 1];
  return (step) =>
    given[next[step] as number] === wanted[step] && (stopper >= step || stopper < 0 || !isRun(step));
}

/** Where there is no list: a bit a step in question, thirty in one pass there and back. */
export function followed(plan: PlanGraph, keys: Keys): Follows {
  const { order } = plan;
  const until = candidates(plan, keys);
  const asked = order.filter((step) => (until[step] as number) > 0);
  const isFollowed: boolean[] = [];
  const marks: Marks = {
    ended: zeros(order.length),
    behind: zeros(order.length),
    away: zeros(order.length),
  };
  for (let from = 0; from < asked.length && plan.work <= MOST_WORK; from += BITS) {
    const some = asked.slice(from, from + BITS);
    const end = some.reduce(
      (most, step) => ((until[step] as number) > most ? (until[step] as number) : most),
      0,
    );
    const told = pass(plan, keys, marks, some, end);
    some.forEach((step, bit) => (isFollowed[step] = (told & (1 << bit)) !== 0));
  }
  return (step) => isFollowed[step] === true;
}

/**
 * For each step in question how many steps of the order have to be looked at, 0 where none can follow it. All other steps
 * that keep away the one that follows must have ended before, so a step that keeps others away is the last of these.
 */
function candidates({ order, waits, effects }: PlanGraph, { wanted, given }: Keys): Steps {
  const until = zeros(order.length);
  const ends = new Map<string, number>();
  const place = zeros(order.length);
  /** The place behind the last step that each waits for and that keeps others away; 0 without one. */
  const last = zeros(order.length);
  order.forEach((step, at) => {
    place[step] = at;
    let most = 0;
    for (let i = waits.starts[step] as number; i < (waits.starts[step + 1] as number); i += 1) {
      const other = waits.items[i] as number;
      const own = effects[other] === CONTINUES ? (last[other] as number) : (place[other] as number) + 1;
      if (own > most) most = own;
    }
    last[step] = most;
    const key = given[step] ?? null;
    if (key === null) return;
    ends.set(key, at + 1);
    const before = most === 0 ? -1 : (order[most - 1] as number);
    if (wanted[before] === key) until[before] = at + 1;
  });
  order.forEach((step, at) => {
    const key = wanted[step] ?? null;
    if (key === null || effects[step] !== CONTINUES) return;
    const end = ends.get(key) ?? 0;
    if (end > at) until[step] = end;
  });
  return until;
}

/** What is known of each step, a bit a step in question. */
interface Marks {
  /** It is that step, or has ended when that starts. */
  readonly ended: number[];
  /** It is that step, or waits for it. */
  readonly behind: number[];
  /** Something keeps away what waits for it: another step in front of it, or itself. */
  readonly away: number[];
}

/** The bits of the steps in question that are followed by one of the first `end` steps of the order. */
function pass(plan: PlanGraph, { wanted, given }: Keys, marks: Marks, asked: Steps, end: number): number {
  const { order, effects, waits } = plan;
  const { ended, behind, away } = marks;
  const { starts, items } = waits;
  const wants = new Map<string, number>();
  asked.forEach((step, bit) => {
    const key = wanted[step] ?? '';
    wants.set(key, (wants.get(key) ?? 0) | (1 << bit));
    ended[step] = 1 << bit;
    behind[step] = 1 << bit;
  });
  markEnded(plan, marks, end);
  let told = 0;
  for (let at = 0; at < end; at += 1) {
    const step = order[at] as number;
    let [after, kept] = [0, 0];
    const last = starts[step + 1] as number;
    for (let i = starts[step] as number; i < last; i += 1) {
      const other = items[i] as number;
      after |= behind[other] as number;
      kept |= away[other] as number;
    }
    plan.work += 1 + last - (starts[step] as number);
    const key = given[step] ?? null;
    if (key !== null) told |= after & ~kept & (wants.get(key) ?? 0);
    behind[step] = (behind[step] as number) | after;
    away[step] = effects[step] === CONTINUES ? kept : kept | (~(ended[step] as number) & ALL);
  }
  for (let at = 0; at < end; at += 1) {
    const step = order[at] as number;
    ended[step] = 0;
    behind[step] = 0;
  }
  return told;
}

/** From the steps in question, the last of the order first, to all that they have waited for. */
function markEnded(plan: PlanGraph, marks: Marks, end: number): void {
  const { order, waits, runBy, unknown } = plan;
  const { ended } = marks;
  const { starts, items } = waits;
  // What a failure runs has waited for nothing, and an unknown `on_fail` may run any step.
  if (unknown.length > 0) return;
  for (let at = end - 1; at >= 0; at -= 1) {
    const step = order[at] as number;
    const bits = ended[step] as number;
    if (bits === 0 || runBy.starts[step] !== runBy.starts[step + 1]) continue;
    const last = starts[step + 1] as number;
    for (let i = starts[step] as number; i < last; i += 1) {
      const other = items[i] as number;
      ended[other] = (ended[other] as number) | bits;
    }
    plan.work += 1 + last - (starts[step] as number);
  }
}
