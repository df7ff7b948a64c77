/** What a decision receipt says: the predicate of its statement, and the strict reader of it. Nothing here decides. */
import {
  STATEMENT_TYPE,
  type BundleIdentity,
  type Enforcement,
  type Origin,
  type Status,
} from './contract.ts';
import { parseStrict } from './canonical.ts';
import { BundleError, refuseAs } from './errors.ts';
import { fromUtf8 } from './platform.ts';
import {
  finite,
  instant,
  list,
  name,
  natural,
  nullable,
  object,
  oneOf,
  sha256Hex,
  string,
  text,
  type Reader,
} from './shape.ts';

/** Type of the predicate of a decision about one plan. */
export const DECISION_TYPE = 'https://plan-lint.dev/attestation/decision/v1';

/** A rule that fired, or that waits for a value; each once, however many steps it is about. */
export interface ReceiptFinding {
  readonly rule: string;
  readonly enforcement: Enforcement;
  readonly origin: Origin | null;
  /** Whether an exception suspends it. */
  readonly waived: boolean;
}

/** Somebody's yes to what a rule would have stopped. */
export interface ReceiptApproval {
  readonly by: string;
  /** How they were asked, in the decider's words: `sso`, `slack`, `cli`. */
  readonly method: string;
  /** What they said yes to: the digest of the plan, or the ticket of a call; lower-case hex. */
  readonly digest: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
}

/** What is signed about a decision, beside the digest of its plan. It holds no value of an argument. */
export interface DecisionPredicate {
  readonly decision: {
    readonly status: Status;
    /** 0 to 1. */
    readonly risk: number;
    readonly findings: readonly ReceiptFinding[];
    /** What becomes of values that do not exist yet: see `EvaluateOptions`. */
    readonly values: 'now' | 'later';
    /** With `values: later`, what is asked when the plan runs. */
    readonly pending: readonly ReceiptFinding[];
  };
  readonly bundle: BundleIdentity;
  /** Name of the entry that decided; `null`: all of them. */
  readonly entry: string | null;
  /** Merkle root over the plan's steps, lower-case hex; see `verifyStep`. */
  readonly steps_root: string;
  readonly steps_count: number;
  /** Digest of the context and a salt, see `ContextOpening`; lower-case hex. */
  readonly context_digest: string;
  readonly approvals: readonly ReceiptApproval[];
  /** Who may act on it: one executor, or one environment. */
  readonly audience: string;
  /** Of which run, in the decider's words; `null` where nobody says. */
  readonly run: string | null;
  /** 16 random bytes in hex: what a store of used receipts keeps. */
  readonly nonce: string;
  /** When it was decided, RFC 3339 in UTC; the policies were asked as at this instant. */
  readonly issued: string;
  /** From then on nobody acts on it. */
  readonly expires: string;
  /** What decided: program and version. */
  readonly engine: string;
}

/**
 * What `context_digest` is the digest of, as canonical JSON. The salt is as secret as the context: without it a guess of the
 * context cannot be tested.
 */
export interface ContextOpening {
  readonly context: unknown;
  /** 32 random bytes in hex. */
  readonly salt: string;
}

/** The statement of a receipt; its one subject is the plan. */
export interface ReceiptStatement {
  readonly _type: string;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: DecisionPredicate;
}

const boolean: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new SyntaxError(`${at} is neither true nor false`);
  return value;
};
const findings = list(
  object({
    rule: string,
    enforcement: oneOf(['audit', 'warn', 'require_approval', 'deny']),
    origin: nullable(object({ file: string, line: natural, column: natural })),
    waived: boolean,
  }),
);
const readStatement: Reader<ReceiptStatement> = /* @__PURE__ */ object({
  _type: oneOf([STATEMENT_TYPE]),
  subject: list(object({ name: string, digest: object({ sha256: sha256Hex }) })),
  predicateType: oneOf([DECISION_TYPE]),
  predicate: object({
    decision: object({
      status: oneOf(['pass', 'warn', 'approval', 'deny']),
      risk: finite,
      findings,
      values: oneOf(['now', 'later']),
      pending: findings,
    }),
    bundle: object({ name, version: string, sequence: natural, digest: sha256Hex }),
    entry: nullable(string),
    steps_root: sha256Hex,
    steps_count: natural,
    context_digest: sha256Hex,
    approvals: list(object({ by: string, method: string, digest: sha256Hex, at: instant })),
    audience: name,
    run: nullable(string),
    nonce: text(/^[0-9a-f]{32}$/),
    issued: instant,
    expires: instant,
    engine: string,
  }),
});

/**
 * Reads the payload of a receipt, which nobody vouches for before its signature is verified.
 *
 * @throws BundleError `receipt_malformed`
 */
export function parseReceipt(payload: Uint8Array): ReceiptStatement {
  const statement = refuseAs('receipt_malformed', () => readStatement(parseStrict(fromUtf8(payload)), ''));
  // More subjects would leave open which plan was decided.
  if (statement.subject.length !== 1) throw new BundleError('receipt_malformed', 'it is about several plans');
  return statement;
}
