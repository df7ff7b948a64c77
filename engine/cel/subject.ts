/** What conditions are asked about, as CEL has it. */

interface Step {
  readonly id: unknown;
  readonly tool: unknown;
  readonly args?: unknown;
  readonly parameters?: unknown;
  readonly depends_on?: unknown;
  readonly on_fail?: unknown;
}

/** The variable `step`: what a step leaves out has the value that it then has. */
export function celStep(step: Step): unknown {
  const { id, tool, args = step.parameters, depends_on = [], on_fail = null } = step;
  return { id, tool, args, depends_on, on_fail };
}

/** The variable `context`: where the caller vouches for nothing, it is empty. */
export function celContext(context: unknown = {}): unknown {
  return context;
}
