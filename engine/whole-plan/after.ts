import { boundTo } from './bound.ts';
import type { WholePlanRule } from './shape.ts';
import { CONTINUES, isListed, STOPS } from './graph.ts';
import type { PlanGraph } from './shape.ts';
import { followed, followedInList } from './followed.ts';
import type { Keys } from './followed.ts';
import { NO_OTHER, NOT_ON_FAILURE, NOT_SURE, pairingRule, UNBOUND } from './pairing.ts';
import type { Pairing, Reasons } from './pairing.ts';

export interface After extends Pairing {
  /** Whether one must run where the step fails, too. */
  readonly failing: boolean;
  /** `until: only`: whether a tool may be called, beside the other one, while something is owed. */
  readonly whileOwed?: (tool: string) => boolean;
}

/** `require_after`. */
export function requireAfter(data: After): WholePlanRule {
  return pairingRule(data, findAfter, (tool, failing) => {
    return `it is not sure that ${data.says} runs after \`${tool}\` ${failing ? 'has failed' : 'has ended well'}`;
  });
}

/**
 * The steps behind which no step of `other` with equal values surely runs, and why (`UNBOUND`, `NO_OTHER`, `NOT_SURE`,
 * `NOT_ON_FAILURE`).
 */
export function findAfter(
  plan: PlanGraph,
  rule: After,
  isGoverned: (step: number) => boolean = () => true,
): Reasons {
  const found = new Map<number, number>();
  const { steps, effects } = plan;
  /** Whether a step of these values stops the plan when it fails; one that lets it go on is there for the message only. */
  const there = new Map<string, boolean>();
  const keys = steps.map((step) => (rule.other(step.tool) ? boundTo(step, rule.there) : null));
  keys.forEach((key, i) => {
    if (key !== null && !there.get(key)) there.set(key, effects[i] === STOPS);
  });
  const given = keys.map((key, i) => (effects[i] === STOPS ? key : null));
  const wanted = steps.map((step, i): string | null => {
    if (!rule.tool(step.tool) || !isGoverned(i)) return null;
    const key = boundTo(step, rule.here);
    const isThere = key === null ? false : there.get(key);
    if (isThere) return key;
    const other = isThere === undefined ? NO_OTHER : NOT_SURE;
    found.set(i, key === null ? UNBOUND : other);
    return null;
  });
  const inList = rule.listed && isListed(plan);
  const follows = inList
    ? followedInList(plan, { wanted, given })
    : followed(plan, { wanted, given: withoutOpaque(plan, given) });
  wanted.forEach((key, i) => {
    if (key === null) return;
    if (!follows(i)) found.set(i, NOT_SURE);
    else if (rule.failing && !runsOnFailure(plan, i, key, given)) found.set(i, NOT_ON_FAILURE);
  });
  return found;
}

/** Nobody knows what keeps away a step of which some text is not understood, or one that waits for such a step. */
function withoutOpaque({ opaque, order, waits }: PlanGraph, given: Keys['given']): Keys['given'] {
  if (opaque.size === 0) return given;
  const open: boolean[] = [];
  for (const step of order) {
    let isOpen = opaque.has(step);
    for (let at = waits.starts[step] as number; !isOpen && at < (waits.starts[step + 1] as number); at += 1)
      isOpen = open[waits.items[at] as number] === true;
    open[step] = isOpen;
  }
  return given.map((key, i) => (open[i] ? null : key));
}

/** Whether one runs when the step fails: because dependents run all the same, or because its failure runs one. */
function runsOnFailure(
  { effects, handlers: { starts, items } }: PlanGraph,
  step: number,
  wanted: string,
  given: Keys['given'],
): boolean {
  if (effects[step] === CONTINUES) return true;
  for (let at = starts[step] as number; at < (starts[step + 1] as number); at += 1)
    if (given[items[at] as number] === wanted) return true;
  return false;
}
