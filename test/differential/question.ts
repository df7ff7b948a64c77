import type { OracleStep } from '../oracle/oracle.ts';

/** A plan, and what the caller vouches for. */
export interface Question {
  readonly plan: { readonly steps: readonly OracleStep[]; readonly context?: unknown };
  readonly context: unknown;
  readonly now: number;
}
