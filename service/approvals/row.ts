/** An approval as it is kept: what was asked of whom, and what became of it. */

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'expired';
export const APPROVAL_STATES: readonly ApprovalState[] = ['pending', 'approved', 'denied', 'expired'];

/** A rule that asks for somebody’s yes. */
export interface ApprovalFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly step_id: string | null;
}

/** The receipt that an approval was turned into. */
export interface ApprovalReceipt {
  /** base64 of the file that `plan-lint receipt verify` takes. */
  readonly sidecar: string;
  readonly opening: { readonly context: unknown; readonly salt: string };
}

/** Who decided, and how. */
export interface Ruling {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string | null;
}

export interface ApprovalRow {
  readonly id: string;
  /** One more with every change: of two that decide at once, the second is told so. */
  readonly version: number;
  readonly state: ApprovalState;
  /** A plan of `POST /validate`; a run that has not begun; a call of a session or a run. */
  readonly kind: 'plan' | 'run' | 'call';
  /** What a yes is about: the digest of the plan, or the ticket of a run or call; lower-case hex. */
  readonly digest: string;
  /** Tells whether the same is asked once more. */
  readonly key: string;
  readonly subject: string;
  readonly team: string | null;
  readonly environment: string;
  readonly planId: string;
  readonly policy: string;
  readonly bundleName: string;
  readonly bundleDigest: string;
  /** `null`: all entries. */
  readonly entry: string | null;
  readonly findings: readonly ApprovalFinding[];
  /** The plan or the call, for those who decide. */
  readonly asked: unknown;
  /** Of a plan: what becomes of values that do not exist yet. */
  readonly values: 'now' | 'later';
  /** What was vouched for: a plan is asked again with it. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly session: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly ruling: Ruling | null;
  readonly receipt: ApprovalReceipt | null;
}

export interface ApprovalQuery {
  readonly state: ApprovalState | null;
  /** `null`: of all teams. */
  readonly team: string | null;
  readonly limit: number;
  /** Behind this one, oldest first. */
  readonly after: { readonly createdAt: number; readonly id: string } | null;
}

/** Where approvals are kept. */
export interface ApprovalStore {
  /** How many wait: of everybody, and of one. */
  waiting(subject: string): Promise<{ readonly all: number; readonly ofOne: number }>;
  insert(row: ApprovalRow): Promise<void>;
  read(id: string): Promise<ApprovalRow | null>;
  /** The last one that was asked for the same. */
  lastFor(key: string): Promise<ApprovalRow | null>;
  /** Puts a row in the place of the version before it. @returns `false` where another has been faster */
  swap(row: ApprovalRow): Promise<boolean>;
  remove(id: string): Promise<void>;
  list(query: ApprovalQuery): Promise<readonly ApprovalRow[]>;
  /** Some that wait and have expired. */
  lapsed(instant: number): Promise<readonly ApprovalRow[]>;
  /** Forgets what was settled before an instant. */
  forget(instant: number): Promise<void>;
  close(): Promise<void>;
}
