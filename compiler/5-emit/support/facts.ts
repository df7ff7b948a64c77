import type { PlanGraph } from './graph.ts';

/**
 * A plan as rules about the whole of it see it. What several rules ask is found once a plan, when it is first asked. The
 * plan has been checked: shapes, ids, dependencies without circles.
 */
export interface Step {
  readonly id: string;
  readonly tool: string;
  readonly args?: unknown;
  readonly parameters?: unknown;
  readonly depends_on?: readonly string[];
  readonly on_fail?: unknown;
}

export interface Facts {
  readonly steps: readonly Step[];
  /** The plan's own context, a claim of the agent. */
  readonly claimed: unknown;
  /** What the caller vouches for. */
  readonly context: unknown;
  ids: ReadonlyMap<string, number> | undefined;
  graph: PlanGraph | undefined;
  /** Texts that rules count by, as they are counted; `null` where that cannot be told. */
  readonly groups: Map<string, string | null>;
}

/** A rule about the whole plan, as the module carries it. */
export interface WholePlanRule {
  /** Writes the steps on which the rule `rule` fires behind the first `count` numbers (see `hit`); the new count. */
  readonly c: (facts: Facts, out: Int32Array, count: number, rule: number) => number;
  /** Says why the rule fired on a step; texts of the plan that are secret are not shown. */
  readonly w: (facts: Facts, step: number, secret: (text: string) => boolean) => Cause;
}

/** Why one rule fired on one step; asked for only when a violation is read. */
export interface Cause {
  /** Path of the argument that made the rule fire, as `items[2].price`; empty where no single one did. */
  readonly path: string;
  /** One sentence. Never contains the text that a text pattern matched. */
  readonly message: string;
}

interface Plan {
  readonly steps: readonly Step[];
  readonly context?: unknown;
}

/** The plan that was last explained: its violations are asked about one by one. */
let explained: { readonly plan: Plan; readonly found: Facts } | undefined;

export function facts(plan: Plan, context: unknown): Facts {
  explained = undefined;
  return {
    steps: plan.steps,
    claimed: plan.context,
    context,
    ids: undefined,
    graph: undefined,
    groups: new Map(),
  };
}

/** The same for a plan that has been decided before, found once however often it is asked for. */
export function factsAgain(plan: Plan, context: unknown): Facts {
  if (explained?.plan !== plan || explained.found.context !== context)
    explained = { plan, found: facts(plan, context) };
  return explained.found;
}

export function argsOf(step: Step): unknown {
  return step.args === undefined ? step.parameters : step.args;
}

/** The place of each step by its id. */
export function idsOf(found: Facts): ReadonlyMap<string, number> {
  found.ids ??= new Map(found.steps.map((step, i) => [step.id, i]));
  return found.ids;
}

/** The tool of a step as a message shows it. */
export function shownTool(found: Facts, step: number, secret: (text: string) => boolean): string {
  const tool = found.steps[step]?.tool ?? '';
  return secret(tool) ? '[secret]' : tool;
}
