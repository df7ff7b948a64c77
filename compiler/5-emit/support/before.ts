import { boundTo } from './bound.ts';
import type { WholePlanRule } from './facts.ts';
import { listed, ordered, STOPS } from './graph.ts';
import type { PlanGraph, Steps } from './graph.ts';
import { BITS, NO_OTHER, NOT_SURE, pairingRule, UNBOUND } from './pairing.ts';
import type { Pairing, Reasons } from './pairing.ts';

/** `require_before`. */
export function requireBefore(data: Pairing): WholePlanRule {
  return pairingRule(data, findBefore, (tool) => `\`${tool}\` can start before ${data.says} has ended well`);
}

/** How often handlers may lead back before it is said that nobody can tell. */
const MOST_ROUNDS = 8;

/**
 * Steps and dependencies looked at for one rule, all passes together; beyond, nobody can tell. A plan of a thousand steps with three
 * hundred groups stays far below.
 */
const MOST_WORK = 4_000_000;

/** Steps that must come before others, those of equal values together. */
interface Group {
  readonly governed: number[];
  readonly first: number[];
  /** A step of the right tool and values whose own `on_fail` lets the plan go on without it. */
  weak: boolean;
}

/**
 * The steps that can start although no step of `other` with equal values has ended well, and why (`UNBOUND`,
 * `NO_OTHER`, `NOT_SURE`). Linear in steps and dependencies for every thirty groups of values, up to `MOST_WORK`.
 */
export function findBefore(plan: PlanGraph, rule: Pairing): Reasons {
  const found = new Map<number, number>();
  const groups = new Map<string, Group>();
  const groupOf = (key: string): Group => {
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { governed: [], first: [], weak: false }));
    return group;
  };
  plan.steps.forEach((step, i) => {
    if (rule.tool(step.tool)) {
      const key = boundTo(step, rule.here);
      if (key === null) found.set(i, UNBOUND);
      else groupOf(key).governed.push(i);
    }
    if (!rule.other(step.tool)) return;
    const key = boundTo(step, rule.there);
    if (key === null) return;
    const group = groupOf(key);
    if (plan.effects[i] === STOPS) group.first.push(i);
    else group.weak = true;
  });
  const asked: Group[] = [];
  groups.forEach((group) => {
    if (group.governed.length === 0) return;
    if (group.first.length > 0) asked.push(group);
    else for (const step of group.governed) found.set(step, group.weak ? NOT_SURE : NO_OTHER);
  });
  if (asked.length === 0) return found;
  const graph = rule.listed ? listed(plan) : plan;
  const order = ordered(graph.waits, graph.order, graph.runBy);
  const place: number[] = order.map(() => 0);
  order.forEach((step, i) => (place[step] = i));
  const isBehind = (some: Steps, step: number): boolean =>
    some.every((other) => (place[other] as number) < (place[step] as number));
  const leadsBack = graph.unknown.length > 0 || !graph.runBy.every(isBehind);
  const size = graph.waits.reduce((sum, some, i) => sum + 1 + some.length + (graph.runBy[i] ?? []).length, 0);
  const cost = size * (leadsBack ? MOST_ROUNDS : 1);
  for (let from = 0; from < asked.length; from += BITS) {
    const some = asked.slice(from, from + BITS);
    const within = cost * (from / BITS + 1) <= MOST_WORK || from === 0;
    const sure = within ? dominated(graph, order, leadsBack, some) : [];
    some.forEach(({ governed }, bit) => {
      for (const step of governed) if (((sure[step] ?? 0) & (1 << bit)) === 0) found.set(step, NOT_SURE);
    });
  }
  return found;
}

/**
 * For each step a bit a group: whether some step of it has surely ended well whenever this one starts. A step starts
 * when all it waits for has ended, or when the failure of another runs it; what is sure of both ways is sure.
 * The greatest solution is wanted, so the passes begin with all bits set and take away until nothing changes.
 */
function dominated(
  { waits, runBy, unknown }: PlanGraph,
  order: Steps,
  leadsBack: boolean,
  groups: readonly Group[],
): readonly number[] {
  const all = 2 ** groups.length - 1;
  const ended: number[] = waits.map(() => 0);
  groups.forEach(({ first }, bit) => {
    for (const step of first) ended[step] = (ended[step] as number) | (1 << bit);
  });
  const sure: number[] = waits.map(() => all);
  let again = true;
  for (let round = 0; again; round += 1) {
    if (round === MOST_ROUNDS) return [];
    // Where no failure leads back, all that a step asks about is known when it asks.
    again = false;
    // An unknown `on_fail` may run any step.
    const anyone = unknown.reduce((mask, step) => mask & (sure[step] as number), all);
    for (const step of order) {
      const [some, by] = [waits[step] as Steps, runBy[step] as Steps];
      let mask = 0;
      for (let i = 0; i < some.length; i += 1)
        mask |= (sure[some[i] as number] as number) | (ended[some[i] as number] as number);
      mask &= anyone;
      for (let i = 0; i < by.length; i += 1) mask &= sure[by[i] as number] as number;
      if (mask !== sure[step]) again = leadsBack;
      sure[step] = mask;
    }
  }
  return sure;
}
