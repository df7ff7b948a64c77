/** How large a plan may be, as the flags of verbs say it. */
import type { PlanLimits } from '@plan-lint/runtime/contract';

/** Each defaults to what the module has: `PlanLimits`. */
export interface PlanLimitOptions {
  /** Most steps. */
  readonly maxSteps?: number;
  /** Deepest nesting, the plan itself being 1. */
  readonly maxDepth?: number;
  /** Most values in the plan as a whole. */
  readonly maxValues?: number;
  /** Most dependencies between steps. */
  readonly maxDependencies?: number;
  /** Longest text or key, in UTF-16 units. */
  readonly maxText?: number;
}

/** What each flag is to a loader. */
const LIMITS = {
  maxSteps: 'maxSteps',
  maxDepth: 'maxDepth',
  maxValues: 'maxNodes',
  maxDependencies: 'maxDependencies',
  maxText: 'maxStringLength',
} as const satisfies Record<keyof PlanLimitOptions, keyof PlanLimits>;

const FLAGS = Object.keys(LIMITS) as readonly (keyof PlanLimitOptions)[];

/** Those that are there, among other options. */
export const limitOptionsOf = (options: PlanLimitOptions): PlanLimitOptions =>
  Object.fromEntries(
    FLAGS.filter((flag) => options[flag] !== undefined).map((flag) => [flag, options[flag]]),
  );

/** The same for a loader; nothing where nothing is said. */
export function planLimitsOf(options: PlanLimitOptions): { readonly planLimits?: Partial<PlanLimits> } {
  const given = FLAGS.filter((flag) => options[flag] !== undefined);
  if (given.length === 0) return {};
  return { planLimits: Object.fromEntries(given.map((flag) => [LIMITS[flag], options[flag]])) };
}
