/**
 * A plan as rules about the whole of it see it. What several rules ask is found once a plan, when it is first asked.
 *
 * `allows` asks of plans that the runtime has walked in part: a step may then be of any shape, ids may occur twice
 * and dependencies may run in a circle. Such a plan is refused anyway, so it does not matter what a rule says of it, as
 * long as the rule ends.
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
  /** Texts that rules count by, as they are counted. */
  readonly groups: Map<string, string>;
}

/** A rule about the whole plan, as the module carries it. */
export interface WholePlanRule {
  /** Writes the steps on which the rule `rule` fires behind the first `count` numbers (see `hit`); the new count. */
  readonly c: (facts: Facts, out: Int32Array, count: number, rule: number) => number;
  /** Says why the rule fired on a step; texts of the plan that are secret are not shown. */
  readonly w: (facts: Facts, step: number, secret: (text: string) => boolean) => Cause;
}

export interface Cause {
  readonly path: string;
  readonly message: string;
}

interface Plan {
  readonly steps: readonly Step[];
  readonly context?: unknown;
}

export function facts(plan: Plan, context: unknown): Facts {
  return { steps: plan.steps, claimed: plan.context, context, ids: undefined, groups: new Map() };
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
