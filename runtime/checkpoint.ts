/** Checkpoints of logs: how far a log went, and what its last line was, signed by whom the trust root lets sign them. */
import { PAYLOAD_TYPE } from './contract.ts';
import { BundleError, refuseAs } from './errors.ts';
import { meetRule } from './permit.ts';
import { instant, instantMillis, name, natural, object } from './shape.ts';
import { parseAttestation, parseSidecar } from './sidecar.ts';
import { parseTrustRoot, ruleFor, type TrustedKey, type TrustRoot } from './trust.ts';
import { copy, verifySignatures } from './verify.ts';

/** in-toto predicate type of a checkpoint. */
export const CHECKPOINT_TYPE = 'https://plan-lint.dev/attestation/audit-checkpoint/v1';

const MAX_BYTES = 0x10000;

const readPredicate = /* @__PURE__ */ object({ log: name, seq: natural, timestamp: instant });

/** What is signed about a log, beside the digest of its last line. */
export type CheckpointPredicate = ReturnType<typeof readPredicate>;

/** A checkpoint that a key of the trust root has signed. */
export interface VerifiedCheckpoint extends CheckpointPredicate {
  /** sha256 of line `seq` with its end, lower-case hex. */
  readonly sha256: string;
  readonly signer: TrustedKey;
}

/**
 * Verifies a checkpoint as at the instant it names: who looks back has nothing better. A revoked key counts for nothing.
 *
 * @param log - accept only checkpoints of this log
 * @throws BundleError with the code of the first check that fails; `policy_not_trusted` where nobody may sign for the log
 */
export async function verifyCheckpoint(
  sidecar: Uint8Array,
  trust: TrustRoot | Uint8Array | string,
  log?: string,
): Promise<VerifiedCheckpoint> {
  const root = parseTrustRoot(trust);
  const parsed = parseSidecar(copy(sidecar, MAX_BYTES, 'sidecar_too_large'));
  const signers = await verifySignatures(root, [parsed], PAYLOAD_TYPE);
  const { subject, predicate: unread } = parseAttestation(parsed.payload, CHECKPOINT_TYPE);
  const predicate = refuseAs('statement_malformed', () => readPredicate(unread, ''));
  const [line, ...more] = subject;
  if (!line || more[0]) throw new BundleError('statement_malformed', 'a checkpoint is about one line');
  if (log !== undefined && log !== predicate.log) throw new BundleError('name_mismatch', predicate.log);
  const rule = ruleFor({ policies: root.checkpoints }, predicate.log);
  if (!rule) throw new BundleError('policy_not_trusted', `checkpoints of ${predicate.log}`);
  const [signer] = meetRule(rule, signers, instantMillis(predicate.timestamp));
  if (!signer) throw new BundleError('key_not_allowed');
  return { ...predicate, sha256: line.digest.sha256, signer: signer.entry };
}
