/** What is said of a plan: the decision and its findings, for programs and as JSON has them. */

/** Severity of a rule, weakest first. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule does when it fires, weakest first. */
export const ENFORCEMENTS = ['audit', 'warn', 'require_approval', 'deny'] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

/** Outcome of a plan. `pass` and `warn` are valid; `approval` and `deny` are not. */
export type Status = 'pass' | 'warn' | 'approval' | 'deny';

/** A place in a policy source: 1-based line and column, path relative to the policy directory. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Which bundle decided. */
export interface BundleIdentity {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** sha256 of the module's bytes, lower-case hex. */
  readonly digest: string;
}

export interface Violation {
  readonly rule: string;
  readonly policy: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly category: string;
  readonly message: string;
  /** Index of the step, -1 for the plan as a whole. */
  readonly stepIndex: number;
  /** Id of the step, `null` for the plan as a whole. */
  readonly stepId: string | null;
  /** Path of the argument, empty where no single one made the rule fire. */
  readonly argPath: string;
  /** Where the rule stands in the policy sources; `null` for the runtime's own checks. */
  readonly origin: Origin | null;
  /** The waiver that suspends this finding, if any. */
  readonly waiver: string | null;
}

/**
 * A check that waits for a value: whether the rule is broken is told when the step is called. For a rule about the plan as a
 * whole it is the step at which the last of the values is there; -1 where any step may be that one.
 */
export interface PendingCheck extends Violation {
  /** `false` for a sum alone: what is known of it and the most that the rest can be stay within the limit. */
  readonly mayFail: boolean;
}

export interface Decision {
  readonly status: Status;
  /** True for `pass` and `warn`: the plan may run. */
  readonly valid: boolean;
  /** 0 to 1. */
  readonly riskScore: number;
  /** In step order; built when first read. */
  readonly violations: readonly Violation[];
  /** What was put off with `values: 'later'`, in step order; built when first read. `valid` is that of the rest. */
  readonly pending: readonly PendingCheck[];
  /** Nothing is pending. */
  readonly complete: boolean;
  /** Name of the entry that decided, or `null` where all entries did. */
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
  /** The decision as it stands on the wire, in files and in logs: what `JSON.stringify(decision)` writes. */
  toJSON(): DecisionData;
}

/** A violation as JSON has it: the names of the enterprise guide. */
export interface ViolationData extends Pick<
  Violation,
  'rule' | 'policy' | 'message' | 'severity' | 'enforcement' | 'category' | 'origin' | 'waiver'
> {
  /** Counted from 0; `null` for the plan as a whole. */
  readonly step_index: number | null;
  readonly step_id: string | null;
  readonly arg_path: string;
}

/** A check that waits for a value, as JSON has it. */
export interface PendingData extends ViolationData {
  readonly may_fail: boolean;
}

/** A decision as JSON has it. */
export interface DecisionData {
  readonly is_valid: boolean;
  readonly status: Status;
  readonly risk_score: number;
  readonly violations: readonly ViolationData[];
  /** Where checks wait for values; absent where none does. */
  readonly pending?: readonly PendingData[];
  readonly entry: string | null;
  readonly bundle: BundleIdentity;
}

/** What a module says of a plan; `null` for one on which nothing fired, for most plans are such. */
export interface Verdict {
  /** 0 pass, 1 warn, 2 approval, 3 deny. */
  readonly status: number;
  /** 0 to 1. */
  readonly risk: number;
  /** Puts what fired into words; the plan is read again. */
  readonly violations: () => readonly Violation[];
  /** Puts into words what is told when the plan runs; `null` where nothing is. */
  readonly pending: (() => readonly PendingCheck[]) | null;
}
