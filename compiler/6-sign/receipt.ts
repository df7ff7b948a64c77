/** Signing decisions. The key is one of the trust root's decision keys: an online key, which signs no policy. */
import { canonicalJson } from '@plan-lint/runtime/digest';
import { DECISION_TYPE, type DecisionPredicate } from '@plan-lint/runtime/receipt';
import { SignError } from './errors.ts';
import { signPayload, type Signer } from './sign.ts';
import { statementBytes } from './statement.ts';

/** What `signReceipt` needs. */
export interface ReceiptInput {
  /** What the plan is called, as the statement's subject; informative, the digest decides. */
  readonly planName: string;
  /** The plan that was decided, parsed. */
  readonly plan: unknown;
  readonly predicate: DecisionPredicate;
  /** One sidecar each, in this order. */
  readonly signers: readonly Signer[];
}

/** A receipt as files have it. */
export interface SignedReceipt {
  /** The plan's canonical JSON: the blob that the signature is about. */
  readonly plan: Uint8Array;
  readonly sidecars: readonly Uint8Array[];
}

/**
 * Signs a decision about a plan.
 *
 * @throws SignError PL6006, PL6013; CanonicalError for a plan that JSON cannot hold
 */
export async function signReceipt({
  planName,
  plan,
  predicate,
  signers,
}: ReceiptInput): Promise<SignedReceipt> {
  if (signers.length === 0) throw new SignError('PL6013');
  const content = Buffer.from(canonicalJson(plan));
  const payload = statementBytes([{ name: planName, content }], DECISION_TYPE, predicate);
  const sidecars: Uint8Array[] = [];
  for (const signer of signers) sidecars.push(await signPayload(payload, signer));
  return { plan: content, sidecars };
}
