/** What the oracle is asked about, and what it says. */
import type { ToolCatalog } from '../../compiler/ir/catalog.ts';
import type { ResolvedRule } from '../../compiler/ir/resolved.ts';

export interface OracleStep {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[] | undefined;
  readonly on_fail?: unknown;
}

export interface OraclePlan {
  readonly plan: { readonly steps: readonly OracleStep[]; readonly context?: unknown };
  readonly context: unknown;
  readonly now: number;
  readonly catalog: ToolCatalog | null;
}

export interface Finding {
  readonly rule: string;
  /** -1: the plan as a whole. */
  readonly step: number;
  readonly severity: ResolvedRule['severity'];
  readonly enforcement: ResolvedRule['enforcement'];
  /** What suspends the finding, in the words of the exception. */
  readonly waiver: string | null;
}

/** A finding that waits for a value. */
export interface PendingFinding extends Finding {
  /** `false`: whatever the values within their bounds are, the sum stays within its limit. */
  readonly mayFail: boolean;
}

export interface Place {
  readonly rule: string;
  readonly step: number;
  /** What is told of the rule at any step is told of it here: which one that is depends on the values. */
  readonly anywhere?: true;
  /** References say what depends on what, so that with values in their place it is another plan. */
  readonly asksOrder?: boolean;
}

export interface OracleDecision {
  /** What is not known for no other reason than a reference, where that is put off. */
  readonly pending: readonly PendingFinding[];
  readonly status: 'pass' | 'warn' | 'approval' | 'deny';
  readonly risk: number;
  readonly findings: readonly Finding[];
}

export interface OracleAnswer extends OracleDecision {
  /** Where conditions have come upon a reference: the oracle's interpreter does not know whether they end in an error or wait. */
  readonly untold: readonly Place[];
}

/** `now`: what is not known counts against the plan. `later`: what waits for a value is put off. */
export type Values = 'now' | 'later';
