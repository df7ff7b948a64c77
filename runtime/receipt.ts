/**
 * Verifies decision receipts: what an executor asks before it acts on a plan that somebody else has decided. A subpath of its
 * own (`@plan-lint/runtime/receipt`); who loads bundles and decides needs none of it.
 */
import { PAYLOAD_TYPE, type BundleIdentity, type DecisionRole } from './contract.ts';
import { digestOf, verifyStep, type InclusionProof } from './digest.ts';
import { BundleError, coded, type ErrorCode } from './errors.ts';
import { meetRule, outside } from './permit.ts';
import { clock, sameBytes } from './platform.ts';
import { parseReceipt, type ContextOpening, type ReceiptStatement } from './receipt-format.ts';
import { instantMillis } from './shape.ts';
import { parseSidecar } from './sidecar.ts';
import { parseTrustRoot, ruleFor, type TrustedKey, type TrustRoot } from './trust.ts';
import { copy, verifySignatures } from './verify.ts';

export * from './receipt-format.ts';

/** Far more than a receipt has: it names each rule once. */
const MAX_BYTES = 0x100000;
const MAX_SIDECARS = 16;
/** How far the decider's clock may be ahead, in milliseconds. */
const CLOCK_TOLERANCE = 30_000;

/** A receipt that a decision key of the trust root has signed. */
export interface OpenedReceipt {
  readonly statement: ReceiptStatement;
  /** sha256 of the plan's canonical JSON, lower-case hex. */
  readonly planDigest: string;
  /** Keys whose signatures counted. */
  readonly signers: readonly TrustedKey[];
}

/**
 * What a receipt lets its executor do. `run`: the plan may run. `run_with_checks`: it may, by a run that asks the checks which
 * wait for values. `approval`: somebody has to approve first. `deny`: it must not.
 */
export type ReceiptVerdict = 'run' | 'run_with_checks' | 'approval' | 'deny';

export interface VerifiedReceipt extends OpenedReceipt {
  readonly verdict: ReceiptVerdict;
}

/** A step of the plan, for executors that see no other, with its proof. */
export interface ProvenStep {
  readonly step: unknown;
  readonly proof: InclusionProof;
}

/** What the executor knows by itself. Nothing of it has a default: what is not asked is not checked. */
export interface ReceiptDemands {
  /** The plan that is to run, parsed by `parsePlan`. This or `step`. */
  readonly plan?: unknown;
  readonly step?: ProvenStep;
  /** Who is about to act. */
  readonly audience: string;
  /**
   * The bundles whose decisions count: the one in use, the one before; `identity` of a loaded bundle is one. Name and digest
   * belong together: by the name the trust root says whose key decides, so a key for one bundle must not name it for another.
   */
  readonly bundles: readonly Pick<BundleIdentity, 'name' | 'digest'>[];
  /** The entry that must have decided; `null`: all of the bundle's. */
  readonly entry: string | null;
  /** Where the executor knows for whom it acts: the context and salt that the decider has kept. */
  readonly context?: ContextOpening;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
  /**
   * Single use is state, which no signature holds: takes note of a nonce for good, or until `expires`, and answers whether it
   * is new. Asked last, of a receipt that lets the plan run. It has to be one atomic step of one store for all executors of
   * the audience. Who acts step by step keeps the nonce with the index of the step.
   */
  readonly firstUse?: (nonce: string, expires: number) => boolean | Promise<boolean>;
}

type Bytes = Uint8Array;

/** Who may decide, for a bundle and an audience: the first role that names both. */
export function decisionRole(
  root: Pick<TrustRoot, 'decisions'>,
  { bundle, audience }: { readonly bundle: string; readonly audience: string },
): DecisionRole | undefined {
  return root.decisions.find(
    ({ bundles, audiences }) =>
      ruleFor({ policies: bundles.map((name) => ({ name })) }, bundle) !== undefined &&
      (audiences.length === 0 || audiences.includes(audience)),
  );
}

/** How long it holds: from `issued` to `expires`, no longer than the role allows. @throws BundleError */
function checkLife({ predicate }: ReceiptStatement, { max_life }: DecisionRole, now: number): void {
  const [issued, expires] = [instantMillis(predicate.issued), instantMillis(predicate.expires)];
  // Asked this way round, what is not a number refuses.
  if (!(issued < expires)) throw new BundleError('receipt_malformed', 'it expires before it was issued');
  if (!(expires - issued <= max_life * 1000))
    throw new BundleError('receipt_life_too_long', `the trust root allows ${max_life} s`);
  if (!(issued - CLOCK_TOLERANCE <= now)) throw new BundleError('receipt_not_yet_valid', predicate.issued);
  if (!(now < expires)) throw new BundleError('receipt_expired', predicate.expires);
  if (!predicate.approvals.every(({ at }) => instantMillis(at) <= issued))
    throw new BundleError('receipt_malformed', 'an approval is later than the decision');
}

/**
 * Reads a receipt and verifies that those whom the trust root lets decide have signed it: signature, role, life. What an
 * executor demands of it beside is `verifyReceipt`'s to ask.
 *
 * @param sidecars - one for each signature
 * @param now - milliseconds since the epoch; `'issued'` for who looks back: as at the instant of the decision
 * @throws BundleError with the code of the first check that fails
 */
export async function openReceipt(
  sidecars: Bytes | readonly Bytes[],
  trust: TrustRoot | Bytes | string,
  now: number | 'issued' = clock(),
): Promise<OpenedReceipt> {
  const root = parseTrustRoot(trust);
  const given = [sidecars].flat();
  if (!(given.length <= MAX_SIDECARS)) throw new BundleError('sidecar_too_large');
  const parsed = given.map((each) => parseSidecar(copy(each, MAX_BYTES, 'sidecar_too_large')));
  const [first] = parsed;
  if (!first) throw new BundleError('signature_missing');

  const signers = await verifySignatures(root, parsed, PAYLOAD_TYPE);
  if (!parsed.every((each) => sameBytes(each.payload, first.payload)))
    throw new BundleError('statements_differ');
  const statement = parseReceipt(first.payload);
  const { bundle, audience, issued } = statement.predicate;
  const at = now === 'issued' ? instantMillis(issued) : now;
  if (!Number.isFinite(at)) throw new BundleError('input_invalid');

  const role = decisionRole(root, { bundle: bundle.name, audience });
  if (!role) throw new BundleError('receipt_not_trusted', `${bundle.name} for ${audience}`);
  const current = meetRule(role, signers, at);
  const late = outside('trust', root, at);
  if (late) throw new BundleError(late);
  checkLife(statement, role, at);
  // What no loader takes decides for nobody.
  if (root.withdrawn.some(({ sha256 }) => sha256 === bundle.digest))
    throw new BundleError('bundle_withdrawn');
  if (bundle.sequence < (ruleFor(root, bundle.name)?.minimum_sequence ?? 0))
    throw new BundleError('sequence_rollback', `${bundle.sequence} is below the minimum`);
  return {
    statement,
    planDigest: statement.subject[0]?.digest.sha256 ?? '',
    signers: current.map(({ entry }) => entry),
  };
}

/** What was decided, as the executor has to take it. */
export function verdictOf({ statement, planDigest }: OpenedReceipt): ReceiptVerdict {
  const { decision, approvals } = statement.predicate;
  const runs = decision.pending.length > 0 ? 'run_with_checks' : 'run';
  if (decision.status === 'pass' || decision.status === 'warn') return runs;
  if (decision.status === 'deny') return 'deny';
  return approvals.some(({ digest }) => digest === planDigest) ? runs : 'approval';
}

const isDigestOf = (value: unknown, digest: string): boolean => {
  try {
    return digestOf(value) === digest;
  } catch {
    // What JSON cannot hold was never decided.
    return false;
  }
};

/** The first of the executor's demands that a receipt does not meet. */
function refusal({ statement, planDigest }: OpenedReceipt, demands: ReceiptDemands): ErrorCode | undefined {
  const { predicate } = statement;
  const { plan, step, context } = demands;
  if (predicate.audience !== demands.audience) return 'receipt_audience_mismatch';
  if (step === undefined && !isDigestOf(plan, planDigest)) return 'receipt_plan_mismatch';
  if (step !== undefined && !verifyStep(step.step, step.proof, predicate)) return 'receipt_step_mismatch';
  const { name, digest } = predicate.bundle;
  if (!demands.bundles.some((each) => each.name === name && each.digest === digest))
    return 'receipt_bundle_mismatch';
  if (demands.entry !== predicate.entry) return 'receipt_entry_mismatch';
  if (context !== undefined && !isDigestOf(context, predicate.context_digest))
    return 'receipt_context_mismatch';
  return undefined;
}

/**
 * Verifies a receipt for whoever is about to act on it, offline: everything of `openReceipt`, and that it is about this plan
 * (or this step of it), for this audience, by this bundle and entry, for the first time.
 *
 * @returns what it lets the executor do: `verdict`. An authentic receipt may well say no.
 * @throws BundleError with the code of the first check that fails
 * @example
 * const { verdict } = await verifyReceipt(await readFile('plan.jcs.sigstore.json'), trustRoot, {
 *   plan: parsePlan(text), audience: 'payments-executor', bundles: [bundle.identity], entry: 'finance',
 *   firstUse: (nonce, expires) => store.insertIfAbsent(nonce, expires),
 * });
 * if (verdict !== 'run') refuse(verdict);
 */
export async function verifyReceipt(
  sidecars: Bytes | readonly Bytes[],
  trust: TrustRoot | Bytes | string,
  demands: ReceiptDemands,
): Promise<VerifiedReceipt> {
  const { plan, step, audience, bundles, entry, firstUse } = demands;
  const isComplete =
    (plan === undefined) !== (step === undefined) &&
    typeof audience === 'string' &&
    Array.isArray(bundles) &&
    entry !== undefined;
  if (!isComplete) throw new BundleError('input_invalid');
  const opened = await openReceipt(sidecars, trust, demands.now);
  const code = refusal(opened, demands);
  if (code) throw new BundleError(code);
  const verdict = verdictOf(opened);
  if (firstUse && (verdict === 'run' || verdict === 'run_with_checks')) {
    const { nonce, expires } = opened.statement.predicate;
    await noteUse(firstUse, nonce, instantMillis(expires));
  }
  return { ...opened, verdict };
}

/** Asks the store of used receipts; it fails closed. */
async function noteUse(
  firstUse: NonNullable<ReceiptDemands['firstUse']>,
  nonce: string,
  expires: number,
): Promise<void> {
  let isNew: unknown;
  try {
    isNew = await firstUse(nonce, expires);
  } catch (error) {
    throw coded('state_unreadable', error);
  }
  if (isNew !== true) throw new BundleError('receipt_used');
}
