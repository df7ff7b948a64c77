import { boundTo } from './bound.ts';
import type { WholePlanRule } from './facts.ts';
import { CONTINUES, listed, STOPS } from './graph.ts';
import type { PlanGraph, Steps } from './graph.ts';
import { BITS, NO_OTHER, NOT_ON_FAILURE, NOT_SURE, pairingRule, UNBOUND } from './pairing.ts';
import type { Pairing, Reasons } from './pairing.ts';

export interface After extends Pairing {
  /** Whether one must run where the step fails, too. */
  readonly failing: boolean;
}

/** Steps and dependencies looked at for one rule, all passes together; beyond, nobody can tell. */
const MOST_WORK = 4_000_000;

/** `require_after`. */
export function requireAfter(data: After): WholePlanRule {
  return pairingRule(data, findAfter, (tool, failing) => {
    return `it is not sure that ${data.says} runs after \`${tool}\` ${failing ? 'has failed' : 'has ended well'}`;
  });
}

/**
 * The steps behind which no step of `other` with equal values surely runs, and why (`UNBOUND`, `NO_OTHER`, `NOT_SURE`,
 * `NOT_ON_FAILURE`). Linear in steps and dependencies for every thirty steps that the rule governs.
 */
export function findAfter(plan: PlanGraph, rule: After): Reasons {
  const found = new Map<number, number>();
  const graph = rule.listed ? listed(plan) : plan;
  const { steps, effects } = graph;
  const keys = steps.map((step) => (rule.other(step.tool) ? boundTo(step, rule.there) : null));
  const there = new Map<string | null, number>();
  // One whose failure lets the plan go on is there for the message only.
  keys.forEach((key, i) => there.set(key, (there.get(key) ?? 0) + (effects[i] === STOPS ? 1 : 0)));
  const governed: number[] = [];
  const wanted: string[] = [];
  steps.forEach((step, i) => {
    if (!rule.tool(step.tool)) return;
    const key = boundTo(step, rule.here);
    const others = key === null ? 0 : there.get(key);
    if (key === null) found.set(i, UNBOUND);
    else if (others === undefined) found.set(i, NO_OTHER);
    else if (others === 0) found.set(i, NOT_SURE);
    else {
      governed.push(i);
      wanted.push(key);
    }
  });
  const size = graph.waits.reduce((sum, some) => sum + 1 + some.length, 0);
  for (let from = 0; from < governed.length; from += BITS) {
    const some = governed.slice(from, from + BITS);
    const within = size * (from / BITS + 1) <= MOST_WORK || from === 0;
    const followed = within ? follows(graph, some, wanted.slice(from, from + BITS), keys) : 0;
    some.forEach((step, bit) => {
      if ((followed & (1 << bit)) === 0) found.set(step, NOT_SURE);
      else if (rule.failing && !runsOnFailure(graph, step, wanted[from + bit] ?? '', keys))
        found.set(step, NOT_ON_FAILURE);
    });
  }
  return found;
}

/**
 * A bit a step of `governed`: whether a step with its key surely runs when it has ended well. Such a step waits for it, and
 * whatever else it waits for, directly or not, lets it run even when it fails, or has ended before.
 */
function follows(
  { waits, order, effects, runBy, unknown }: PlanGraph,
  governed: Steps,
  wanted: readonly string[],
  keys: readonly (string | null)[],
): number {
  /** Whether a step is the one of the bit, or has ended when that starts. */
  const ended: number[] = waits.map(() => 0);
  const wants = new Map<string | null, number>();
  governed.forEach((step, bit) => {
    ended[step] = 1 << bit;
    const key = wanted[bit] ?? '';
    wants.set(key, (wants.get(key) ?? 0) | (1 << bit));
  });
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const step = order[at] as number;
    // What a failure runs has waited for nothing.
    if (ended[step] === 0 || unknown.length > 0 || (runBy[step] as Steps).length > 0) continue;
    const some = waits[step] as Steps;
    for (let i = 0; i < some.length; i += 1) {
      const other = some[i] as number;
      ended[other] = (ended[other] as number) | (ended[step] as number);
    }
  }
  const behind: number[] = waits.map(() => 0);
  const kept: number[] = waits.map(() => 0);
  const own: number[] = waits.map(() => 0);
  governed.forEach((step, bit) => (own[step] = 1 << bit));
  let followed = 0;
  for (const step of order) {
    let [after, away] = [0, 0];
    const some = waits[step] as Steps;
    for (let i = 0; i < some.length; i += 1) {
      const other = some[i] as number;
      after |= (behind[other] as number) | (own[other] as number);
      away |= kept[other] as number;
      if (effects[other] !== CONTINUES) away |= ~(ended[other] as number);
    }
    behind[step] = after;
    kept[step] = away;
    const key = keys[step] ?? null;
    if (effects[step] === STOPS && key !== null) followed |= after & ~away & (wants.get(key) ?? 0);
  }
  return followed;
}

/** Whether one runs when the step fails: because dependents run all the same, or because its failure runs one. */
function runsOnFailure(
  { effects, handlers }: PlanGraph,
  step: number,
  wanted: string,
  keys: readonly (string | null)[],
): boolean {
  if (effects[step] === CONTINUES) return true;
  return (handlers[step] as Steps).some(
    (other) => other !== step && effects[other] === STOPS && keys[other] === wanted,
  );
}
