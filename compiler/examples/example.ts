/** A plan that shows a difference, and what the caller vouches for besides. */
export interface Example {
  readonly plan: {
    readonly id: string;
    readonly steps: readonly ExampleStep[];
    readonly [field: string]: unknown;
  };
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface ExampleStep {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[];
  readonly on_fail?: unknown;
}

export function exampleOf(
  steps: readonly ExampleStep[],
  { plan = {}, context }: { readonly plan?: object; readonly context?: Example['context'] } = {},
): Example {
  return { plan: { id: 'counterexample', steps, ...plan }, ...(context && { context }) };
}

/** A tool that a name or a glob stands for. */
export const toolOf = (glob: string): string => glob.replaceAll('*', 'x');

/** A copy with a value at a path of names; `null` where something else than an object is in the way. */
export function withValue(
  object: Readonly<Record<string, unknown>>,
  [name, ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> | null {
  if (name === undefined || name === '__proto__') return null;
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = Object.hasOwn(object, name) ? object[name] : {};
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return null;
  const made = withValue(inner as Readonly<Record<string, unknown>>, rest, value);
  return made && { ...object, [name]: made };
}
