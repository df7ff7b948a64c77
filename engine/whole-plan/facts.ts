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

/** What was last found, of which plan and for which decision: its entries and its violations ask one by one. */
let last: { readonly plan: Plan; readonly decision: number | undefined; readonly found: Facts } | undefined;

/** The facts of a plan that is to be decided; those of another entry that was asked for the same decision, if any. */
export function facts(plan: Plan, context: unknown, decision?: number): Facts {
  if (decision !== undefined && last?.decision === decision && isLast(plan, context)) return last.found;
  const { steps, context: claimed } = plan;
  const found = { steps, claimed, context, ids: undefined, graph: undefined, groups: new Map() };
  last = { plan, decision, found };
  return found;
}

/** The facts of a plan that has been decided before, as far as they are still there. */
export function factsAgain(plan: Plan, context: unknown): Facts {
  return last && isLast(plan, context) ? last.found : facts(plan, context);
}

const isLast = (plan: Plan, context: unknown): boolean =>
  last?.plan === plan && last.found.context === context;

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
