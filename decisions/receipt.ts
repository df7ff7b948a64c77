/** A decision as a receipt says it, and where two of them differ. */
import type { BundleIdentity, Decision, Violation } from '@plan-lint/runtime';
import { digestOf, stepsDigest } from '@plan-lint/runtime/digest';
import type {
  ContextOpening,
  DecisionPredicate,
  ReceiptApproval,
  ReceiptFinding,
} from '@plan-lint/runtime/receipt';

/** What a decision was about, and on what terms it may be acted on. */
export interface ReceiptTerms {
  readonly plan: unknown;
  readonly opening: ContextOpening;
  readonly values: 'now' | 'later';
  readonly approvals: readonly ReceiptApproval[];
  readonly audience: string;
  readonly run: string | null;
  readonly nonce: string;
  /** Milliseconds since the epoch: the instant the policies were asked as at. */
  readonly issued: number;
  readonly expires: number;
  readonly engine: string;
}

/** Each rule once: a receipt says which rules fired, not with which values. */
function findingsOf(violations: readonly Violation[]): readonly ReceiptFinding[] {
  const findings = violations.map(({ rule, enforcement, origin, waiver }): ReceiptFinding => ({
    rule,
    enforcement,
    origin: origin && { file: origin.file, line: origin.line, column: origin.column },
    waived: waiver !== null,
  }));
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** What has no list of steps is denied, and has none. */
function stepsOf(plan: unknown): ReturnType<typeof stepsDigest> {
  const steps = (plan as { readonly steps?: unknown } | null)?.steps;
  return stepsDigest({ steps: Array.isArray(steps) ? steps : [] });
}

const bundleOf = ({ name, version, sequence, digest }: BundleIdentity): BundleIdentity => ({
  name,
  version,
  sequence,
  digest,
});

/**
 * The predicate of a receipt.
 *
 * @throws CanonicalError for a plan or a context that JSON cannot hold
 */
export function decisionPredicate(decision: Decision, terms: ReceiptTerms): DecisionPredicate {
  const { plan, opening, values, approvals, audience, run, nonce, issued, expires, engine } = terms;
  return {
    decision: {
      status: decision.status,
      risk: decision.riskScore,
      findings: findingsOf(decision.violations),
      values,
      pending: findingsOf(decision.pending),
    },
    bundle: bundleOf(decision.bundle),
    entry: decision.entry,
    ...stepsOf(plan),
    context_digest: digestOf(opening),
    approvals,
    audience,
    run,
    nonce,
    issued: new Date(issued).toISOString(),
    expires: new Date(expires).toISOString(),
    engine,
  };
}

/** Where two values differ first. */
export interface Difference {
  /** Names and indexes, joined by full stops; `''` for the whole. */
  readonly path: string;
  /** `undefined` where it is not there. */
  readonly left: unknown;
  readonly right: unknown;
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;

/** The first difference of two values as JSON has them, in the order of the left one's members; `null` where there is none. */
export function firstDifference(left: unknown, right: unknown, path = ''): Difference | null {
  const [ours, theirs] = [membersOf(left), membersOf(right)];
  if (!ours || !theirs || Array.isArray(left) !== Array.isArray(right))
    return Object.is(left, right) ? null : { path, left, right };
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const difference = firstDifference(ours[name], theirs[name], path === '' ? name : `${path}.${name}`);
    if (difference) return difference;
  }
  return null;
}
