import { boundTo } from './bound.ts';
import { dominated } from './dominated.ts';
import type { Group } from './dominated.ts';
import type { WholePlanRule } from './shape.ts';
import { isListed, remembered, STOPS, UNKNOWN, zeros } from './graph.ts';
import type { PlanGraph, Steps } from './shape.ts';
import { NO_OTHER, NOT_SURE, pairingRule, UNBOUND } from './pairing.ts';
import type { Pairing, Reasons } from './pairing.ts';

/** `require_before`. */
export function requireBefore(data: Pairing): WholePlanRule {
  return pairingRule(data, findBefore, (tool) => `\`${tool}\` can start before ${data.says} has ended well`);
}

/**
 * The steps that can start although no step of `other` with equal values has ended well, and why (`UNBOUND`,
 * `NO_OTHER`, `NOT_SURE`).
 */
export function findBefore(
  plan: PlanGraph,
  rule: Pairing,
  isGoverned: (step: number) => boolean = () => true,
): Reasons {
  const found = new Map<number, number>();
  const groups = new Map<string, Group>();
  const groupOf = (key: string): Group => {
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { governed: [], first: [], weak: false }));
    return group;
  };
  plan.steps.forEach((step, i) => {
    if (rule.tool(step.tool) && isGoverned(i)) {
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
  if (!rule.listed || !isListed(plan)) dominated(plan, asked, (step) => found.set(step, NOT_SURE));
  else {
    const causes = remembered(plan, firstCauses, firstCauses);
    for (const { governed, first } of asked)
      for (const step of governed)
        if ((causes[step] as number) <= (first[0] as number)) found.set(step, NOT_SURE);
  }
  return found;
}

/**
 * For each step the first in the list that may make it run by failing, be it by way of others; itself where none stands in front
 * of it. Where every step waits for all in front of it, the step is sure of what stands in front of that one.
 */
function firstCauses({ steps, handlers: { starts, items }, effects }: PlanGraph): Steps {
  const causes = zeros(steps.length).map(() => -1);
  let open = causes.length;
  const reached: number[] = [];
  const reach = (step: number, cause: number): void => {
    if ((causes[step] as number) >= 0) return;
    causes[step] = cause;
    open -= 1;
    reached.push(step);
  };
  for (let cause = 0; cause < causes.length && open > 0; cause += 1) {
    reach(cause, cause);
    for (let step = reached.pop(); step !== undefined; step = reached.pop()) {
      // An unknown `on_fail` may run any step.
      if (effects[step] === UNKNOWN) for (let i = 0; i < causes.length; i += 1) reach(i, cause);
      for (let at = starts[step] as number; at < (starts[step + 1] as number); at += 1)
        reach(items[at] as number, cause);
    }
  }
  return causes;
}
