import type { Facts, Step, WholePlanRule } from './shape.ts';
import { factsOf, shownTool } from './facts.ts';
import { graphOf, remembered, STOPS } from './graph.ts';
import type { PlanGraph } from './shape.ts';
import { hit, NOW, QUIET } from '../module/question.ts';
import type { Question } from '../module/question.ts';
import { boundTo, isNothing, isOpen } from './bound.ts';
import { mayGovern, surelyGoverns } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import { subject, valueAt, whyNot } from './value.ts';
import type { Names } from './value.ts';

/** The data of a rule that asks for another step: what it governs, which other, and the paths of both that must be equal. */
export interface Pairing {
  readonly tool: (tool: string) => boolean;
  readonly narrowing?: Narrowing;
  readonly other: (tool: string) => boolean;
  readonly here: readonly Names[];
  readonly there: readonly Names[];
  /** Whether the executor goes through the list of steps. */
  readonly listed: boolean;
  /** The other step comes behind the governed one. */
  readonly comesLater: boolean;
  /** The other step as a message shows it: its tools, and what must be the same. */
  readonly says: string;
}

/** What is said of a step that does not fire any more. */
export const CHANGED = { path: '', message: 'the plan has changed since it was decided' };

/** Groups or steps looked at in one pass: a number holds 30 bits without becoming a fraction. */
export const BITS = 30;

/** Steps and dependencies looked at in one plan, all rules and passes together; beyond, nobody can tell. */
export const MOST_WORK = 4_000_000;

/** Why a step fires, by number. */
export type Reasons = ReadonlyMap<number, number>;
export const UNBOUND = 1;
export const NO_OTHER = 2;
export const NOT_SURE = 3;
export const NOT_ON_FAILURE = 4;

/** A rule from what finds its steps, and from what a message says of one for which another step is not sure. */
export function pairingRule<Data extends Pairing>(
  data: Data,
  find: (graph: PlanGraph, data: Data, isGoverned: (step: number) => boolean) => Reasons,
  notSure: (tool: string, failing: boolean) => string,
): WholePlanRule {
  const { narrowing } = data;
  /** Under which the steps that may yet find their other one are remembered. */
  const openSteps = {};
  const reasons = (question: Question, facts: Facts): Reasons =>
    remembered(graphOf(facts), data, (graph) =>
      find(graph, data, (step) => mayGovern(narrowing, question, facts, step)),
    );
  return {
    c(question, rule) {
      const facts = factsOf(question);
      const { mode } = question;
      const fired = reasons(question, facts);
      if (mode === NOW || fired.size === 0) {
        hits(question, rule, fired);
        return;
      }
      const graph = graphOf(facts);
      const open = remembered(graph, openSteps, () => openOf(graph, data, fired));
      const last = lastOther(graph, data);
      fired.forEach((_, i) => {
        const waits = open.has(i);
        if (!waits && surelyGoverns(narrowing, question, facts, i)) hit(question, rule, i);
        else if (mode !== QUIET) hit(question, rule, waits && data.comesLater && last > i ? last : i);
      });
    },
    w(question, i, secret) {
      const facts = factsOf(question);
      const step = facts.steps[i];
      const reason = reasons(question, facts).get(i);
      if (step && reason === undefined && data.comesLater && data.other(step.tool))
        return { path: '', message: `it is told at this step whether the plan has ${data.says}` };
      if (!step || reason === undefined) return CHANGED;
      if (reason === UNBOUND) {
        const path = data.here.find((names) => isNothing(valueAt(step, names))) ?? [];
        const { path: shown, says } = subject(facts, i, path, secret);
        return {
          path: shown,
          message: `${says} is ${whyNot(valueAt(step, path))}, so the plan cannot have ${data.says}`,
        };
      }
      const message =
        reason === NO_OTHER
          ? `the plan does not have ${data.says}`
          : notSure(shownTool(facts, i, secret), reason === NOT_ON_FAILURE);
      return { path: '', message };
    },
  };
}

/** Pairs of steps that are compared at most; of those beyond, none is taken to be the other one later. */
const MOST_PAIRS = 1_000_000;

/** The values of one step that are to be equal to another's, each as one text, and which of them may turn out to be others. */
interface Side {
  readonly at: number;
  readonly keys: readonly string[];
  readonly mayBeOther: readonly boolean[];
}

/** `null` where one of them equals nothing, whatever comes to be known. */
function sideOf(steps: readonly Step[], at: number, paths: readonly Names[]): Side | null {
  const step = steps[at] as Step;
  const keys: string[] = [];
  for (const path of paths) {
    const key = boundTo(step, [path]);
    if (key === null) return null;
    keys.push(key);
  }
  return { at, keys, mayBeOther: paths.map((path) => isOpen(step, [path])) };
}

/** The steps that fire only because it is not known yet whether another step shares their values. */
function openOf({ steps, effects }: PlanGraph, data: Pairing, fired: Reasons): ReadonlyMap<number, boolean> {
  const open = new Map<number, boolean>();
  const others: Side[] = [];
  steps.forEach((step, i) => {
    if (effects[i] !== STOPS || !data.other(step.tool)) return;
    const side = sideOf(steps, i, data.there);
    if (side) others.push(side);
  });
  const someOpen = others.some(isOpenSide);
  let pairs = 0;
  fired.forEach((reason, i) => {
    if (reason === UNBOUND || data.here.length === 0) return;
    const own = sideOf(steps, i, data.here);
    if (own === null || (!someOpen && !isOpenSide(own))) return;
    for (const other of others) {
      pairs += 1;
      if (pairs > MOST_PAIRS) return;
      if (other.at === i || !mayShare(own, other)) continue;
      open.set(i, true);
      return;
    }
  });
  return open;
}

const isOpenSide = ({ mayBeOther }: Side): boolean => mayBeOther.includes(true);

/** Of steps that are known to share their values nothing is told later. */
function mayShare(own: Side, other: Side): boolean {
  let isUnsure = false;
  for (let i = 0; i < own.keys.length; i += 1) {
    if (own.keys[i] === other.keys[i]) continue;
    if (own.mayBeOther[i] !== true && other.mayBeOther[i] !== true) return false;
    isUnsure = true;
  }
  return isUnsure;
}

/** The last of the other steps, -1 where there is none. */
function lastOther({ steps }: PlanGraph, data: Pairing): number {
  let last = steps.length - 1;
  while (last >= 0 && !data.other((steps[last] as Step).tool)) last -= 1;
  return last;
}

export function hits(question: Question, rule: number, fired: ReadonlyMap<number, unknown>): void {
  fired.forEach((_, step) => {
    hit(question, rule, step);
  });
}
