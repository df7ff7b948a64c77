/** How large a plan may be. Numbers above are refused before any rule sees the plan. */
export interface PlanLimits {
  /** Most steps; default 10,000. */
  readonly maxSteps: number;
  /** Deepest nesting of objects and arrays, the plan itself being 1; default 64. */
  readonly maxDepth: number;
  /** Most values in the plan as a whole, members and elements counted; default 200,000. */
  readonly maxNodes: number;
  /** Most dependencies, `depends_on` and references together, each counted once a step; default 200,000. */
  readonly maxDependencies: number;
  /** Longest string or key, in UTF-16 units; default 1,048,576. */
  readonly maxStringLength: number;
}

export const DEFAULT_LIMITS: PlanLimits = {
  maxSteps: 10_000,
  maxDepth: 64,
  maxNodes: 200_000,
  maxDependencies: 200_000,
  maxStringLength: 1_048_576,
};
