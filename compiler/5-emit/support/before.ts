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

/** Steps that must come before others, those of equal values together. */
interface Group {
  readonly governed: number[];
  readonly first: number[];
  /** A step of the right tool and values whose own `on_fail` lets the plan go on without it. */
  weak: boolean;
}

/**
 * The steps that can start although no step of `other` with equal values has ended well, and why (`UNBOUND`,
 * `NO_OTHER`, `NOT_SURE`). Linear in steps and dependencies for every thirty groups of values.
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
  for (let from = 0; from < asked.length; from += BITS) {
    const some = asked.slice(from, from + BITS);
    const sure = dominated(graph, order, some);
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
function dominated(graph: PlanGraph, order: Steps, groups: readonly Group[]): readonly number[] {
  const { waits, runBy, unknown } = graph;
  const all = 2 ** groups.length - 1;
  const ended: number[] = waits.map(() => 0);
  groups.forEach(({ first }, bit) => {
    for (const step of first) ended[step] = (ended[step] as number) | (1 << bit);
  });
  const sure: number[] = waits.map(() => all);
  let changed = true;
  for (let round = 0; changed; round += 1) {
    if (round === MOST_ROUNDS) return [];
    changed = false;
    // An unknown `on_fail` may run any step.
    const anyone = unknown.reduce((mask, step) => mask & (sure[step] as number), all);
    for (const step of order) {
      let mask = 0;
      for (const other of waits[step] as Steps) mask |= (sure[other] as number) | (ended[other] as number);
      mask &= anyone;
      for (const other of runBy[step] as Steps) mask &= sure[other] as number;
      if (mask !== sure[step]) changed = true;
      sure[step] = mask;
    }
  }
  return sure;
}
