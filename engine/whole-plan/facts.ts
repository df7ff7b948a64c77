import type { Facts, Step } from './shape.ts';

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
