/** The report of the service about a period, as the command line shows it; a test holds the description to it. */

/** As much of what was found about a log as is shown. */
export interface VerifiedLog {
  readonly path: string;
  readonly lines: number;
  readonly findingCount: number;
  readonly findings: readonly {
    readonly code: string;
    readonly message: string;
    readonly file: string;
    readonly line: number;
  }[];
}

export interface RuleCount {
  readonly rule: string;
  readonly severity: string;
  readonly findings: number;
  readonly waived: number;
  readonly decisions: number;
}

export interface ComplianceReport {
  readonly from: string;
  readonly to: string;
  readonly generated: string;
  readonly chain: {
    readonly whole: boolean;
    readonly witnessed: boolean;
    readonly logs: readonly VerifiedLog[];
  };
  readonly decisions: {
    readonly total: number;
    readonly valid: number;
    readonly statuses: Readonly<Record<string, number>>;
    readonly policies: Readonly<Record<string, number>>;
  };
  readonly rules: readonly RuleCount[];
  readonly controls: readonly {
    readonly framework: string;
    readonly control: string;
    readonly title: string;
    readonly rules: readonly Omit<RuleCount, 'severity'>[];
    readonly quiet: readonly string[];
    readonly evidence: readonly { readonly kind: string; readonly text: string }[];
  }[];
  readonly unmapped: readonly string[];
  readonly bundles: readonly {
    readonly log: string;
    readonly policy: string;
    readonly bundle: string;
    readonly version: string | null;
    readonly sequence: number | null;
    readonly signed: boolean | null;
    readonly from: string;
    readonly to: string;
    readonly ended: string;
  }[];
  readonly gaps: readonly { readonly log: string; readonly from: string; readonly to: string }[];
  readonly bundles_refused: number;
  readonly exceptions: readonly {
    readonly waiver: string;
    readonly rule: string;
    readonly findings: number;
    readonly first: string;
    readonly last: string;
  }[];
  readonly approvals: Readonly<Record<string, number>>;
  readonly approval_list: readonly {
    readonly at: string;
    readonly plan_id: string;
    readonly policy: string;
    readonly requested_by: string;
    readonly decided_by: string;
    readonly outcome: string;
    readonly rules: string;
  }[];
  readonly rollouts: number;
  readonly rollout_list: readonly {
    readonly at: string;
    readonly policy: string;
    readonly bundle: string;
    readonly user: string;
    readonly step: string;
    readonly reason: string | null;
  }[];
  readonly refusals: number;
  readonly not_counted: {
    readonly lines_removed: number;
    readonly lines_unreadable: number;
    readonly violations_omitted: number;
  };
  readonly database: {
    readonly decisions: number;
    readonly valid: number;
    readonly statuses: Readonly<Record<string, number>>;
    readonly rules: Readonly<Record<string, number>>;
    readonly agrees: boolean;
  } | null;
}
