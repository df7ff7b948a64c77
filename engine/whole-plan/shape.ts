import type { Cause } from '../module/cause.ts';
import type { AskedStep, Question } from '../module/question.ts';

/**
 * A plan as rules about the whole of it see it. What several rules ask is found once a plan, when it is first asked. The
 * plan has been checked: shapes, ids, dependencies without circles.
 */
export interface Step extends AskedStep {
  readonly depends_on?: readonly string[];
  readonly on_fail?: unknown;
}

/** The most that the amount of a tool can be, as other rules and the catalog say; infinite where they say nothing. */
export type UpperEnds = (tool: string) => number;

export interface Facts {
  readonly steps: readonly Step[];
  /** The plan's own context, a claim of the agent. */
  readonly claimed: unknown;
  /** What the caller vouches for. */
  readonly context: unknown;
  ids: ReadonlyMap<string, number> | undefined;
  graph: PlanGraph | undefined;
  /** Texts that rules count by, as they are counted; `null` where that cannot be told. */
  readonly groups: Map<string, readonly string[] | null>;
  /** What narrows rules, by step: see `narrowing.ts`. */
  readonly narrowed: Map<object, Map<number, boolean>>;
  /** Of each rule that adds up: the first step whose amount is not known, -1 without one. */
  readonly firstOpen: Map<object, number>;
}

/** A rule about the whole plan, as the module carries it. */
export interface WholePlanRule {
  /**
   * Notes the steps on which the rule `rule` fires (see `hit`). The mode of the question says what is to be made of what is
   * not known.
   */
  readonly c: (question: Question, rule: number, ends?: UpperEnds) => void;
  /** Says why the rule fired on a step; texts of the plan that are secret are not shown. */
  readonly w: (question: Question, step: number, secret: (text: string) => boolean) => Cause;
}

export interface PlanGraph {
  readonly steps: readonly Step[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** What each step waits for: `depends_on` and the references in any of its strings, each once. */
  readonly waits: Lists;
  /** Where in the list of each the steps end whose results stand in its arguments. */
  readonly reads: Steps;
  /** All steps, each behind what it waits for. */
  readonly order: Steps;
  /** `STOPS`, `CONTINUES`, `HANDLED` or `UNKNOWN`. */
  readonly effects: Steps;
  /** The steps that its failure runs. */
  readonly handlers: Lists;
  /** The steps whose failure runs it; those whose `on_fail` is unknown may run any. */
  readonly runBy: Lists;
  readonly unknown: Steps;
  /** Steps in some text of which any other step may be meant; empty for most plans. */
  readonly opaque: ReadonlyMap<number, boolean>;
  /** Those of them in whose arguments such a text stands. */
  readonly readsAny: Steps;
  /** Steps and dependencies that rules have looked at to tell groups of steps apart. */
  work: number;
  /** What has been found in this plan, by what was asked: the data of a rule, or a function. */
  readonly found: Map<object, unknown>;
}

/** Steps by their place in the plan. */
export type Steps = readonly number[];

/**
 * A list of steps for each step, all in one array, for there may be many and short ones: that of step `i` are the
 * `items` from `starts[i]` up to `starts[i + 1]`.
 */
export interface Lists {
  readonly starts: Steps;
  readonly items: Steps;
}
