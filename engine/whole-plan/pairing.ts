import type { Facts, WholePlanRule } from './shape.ts';
import { shownTool } from './facts.ts';
import { graphOf, remembered } from './graph.ts';
import type { PlanGraph } from './shape.ts';
import { hit } from '../rules/core.ts';
import { isNothing } from './bound.ts';
import { subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

/** The data of a rule that asks for another step: what it governs, which other, and the paths of both that must be equal. */
export interface Pairing {
  readonly tool: (tool: string) => boolean;
  readonly other: (tool: string) => boolean;
  readonly here: readonly Names[];
  readonly there: readonly Names[];
  /** Whether the executor goes through the list of steps. */
  readonly listed: boolean;
  /** The other step as a message shows it: its tools, and what must be the same. */
  readonly says: string;
}

/** What is said of a step that does not fire any more. */
export const CHANGED = { path: '', message: 'the plan has changed since it was decided' };

/** Groups or steps looked at in one pass: a number holds 30 bits without becoming a fraction. */
export const BITS = 30;

/** Steps and dependencies looked at for one rule, all passes together; beyond, nobody can tell. */
export const MOST_WORK = 10_000_000;

/** Why a step fires, by number. */
export type Reasons = ReadonlyMap<number, number>;
export const UNBOUND = 1;
export const NO_OTHER = 2;
export const NOT_SURE = 3;
export const NOT_ON_FAILURE = 4;

/** A rule from what finds its steps, and from what a message says of one for which another step is not sure. */
export function pairingRule<Data extends Pairing>(
  data: Data,
  find: (graph: PlanGraph, data: Data) => Reasons,
  notSure: (tool: string, failing: boolean) => string,
): WholePlanRule {
  const reasons = (found: Facts): Reasons => remembered(graphOf(found), data, find);
  return {
    c: (found, out, count, rule) => hits(reasons(found), out, count, rule),
    w(found, i, secret) {
      const step = found.steps[i];
      const reason = reasons(found).get(i);
      if (!step || reason === undefined) return CHANGED;
      if (reason === UNBOUND) {
        const path = data.here.find((names) => isNothing(valueAt(step, names))) ?? [];
        const { path: shown, says } = subject(found, i, path, secret);
        return {
          path: shown,
          message: `${says} is ${whyNot(valueAt(step, path))}, so the plan cannot have ${data.says}`,
        };
      }
      const message =
        reason === NO_OTHER
          ? `the plan does not have ${data.says}`
          : notSure(shownTool(found, i, secret), reason === NOT_ON_FAILURE);
      return { path: '', message };
    },
  };
}

export function hits(
  found: ReadonlyMap<number, unknown>,
  out: Int32Array,
  count: number,
  rule: number,
): number {
  let n = count;
  found.forEach((_, step) => (n = hit(out, n, rule, step)));
  return n;
}
