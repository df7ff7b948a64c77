/**
 * Parts of the verifier for tools that make, inspect and audit bundles. A service needs `loadBundle` only.
 */
import { PAYLOAD_TYPE, type RootRole } from './contract.ts';
import { BundleError } from './errors.ts';
import { meetRule } from './permit.ts';
import { clock, sameBytes, sha256 } from './platform.ts';
import { parseAttestation, parseSidecar, type Attestation, type Sidecar } from './sidecar.ts';
import { parseTrustRoot, ruleFor, type TrustedKey, type TrustRoot } from './trust.ts';
import { verifySignatures } from './verify.ts';

export {
  CHECKPOINT_TYPE,
  verifyCheckpoint,
  type CheckpointPredicate,
  type VerifiedCheckpoint,
} from './checkpoint.ts';
export {
  CHANNEL_TYPE,
  filePath,
  headPath,
  isChannelName,
  noteHead,
  verifyChannel,
  type ChannelPredicate,
  type VerifiedChannel,
} from './channel.ts';
export { factsOf } from './facts.ts';
export { takeTurn, type Turn } from './file-turn.ts';
export { loadModule, scanModule } from './load.ts';
export { parseSidecar, parseStatement, splitSingleFile, type Attestation, type Sidecar } from './sidecar.ts';
export { requireUsableKeys } from './roles.ts';
export { rolesOf, ruleFor } from './trust.ts';
export { unpack, type Unpacked } from './unpack.ts';

/**
 * Whether this engine's `JSON.parse` reads the names of members as they are written, whatever it has read before. V8
 * 12.9 to 14.6 (Node 23 to 26) does not (nodejs/node#63785): who hands plans over as objects should hand over bytes, or
 * what `parsePlan` makes of the text.
 */
export function isJsonParseSound(): boolean {
  const planted = '{"plan-lint":1,"\\\\u":2}';
  const text = '{"plan-lint":1,"\\u0074o":2}';
  for (let i = 0; i < 3; i += 1) {
    JSON.parse(planted);
    if (!Object.hasOwn(JSON.parse(text) as object, 'to')) return false;
  }
  return true;
}

/** Whose signature is asked about. */
export interface SignerQuestion {
  readonly trust: TrustRoot;
  /** Who may sign this. */
  readonly role: Pick<RootRole, 'keys'>;
  readonly payloadType: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Who made one signature, of those who may: for people who are asked to put another one beside it.
 *
 * @throws BundleError why it counts for nothing
 */
export async function signerOf(
  sidecar: Sidecar,
  { trust, role, payloadType, now }: SignerQuestion,
): Promise<TrustedKey> {
  const signers = await verifySignatures(trust, [sidecar], payloadType);
  const [signer] = meetRule({ keys: role.keys, threshold: 1 }, signers, now);
  if (!signer) throw new BundleError('key_not_allowed');
  return signer.entry;
}

/**
 * Verifies another statement about a module, such as its SLSA provenance: steps 1 to 10 of a bundle's
 * verification, with another predicate type.
 *
 * @param bundle - name of the bundle, by which the trust root chooses the keys
 * @throws BundleError with the code of the first step that fails
 */
export async function verifyAttestation(
  module: Uint8Array,
  sidecars: readonly Uint8Array[],
  trust: TrustRoot | Uint8Array | string,
  { bundle, predicateType, now = clock() }: { bundle: string; predicateType: string; now?: number },
): Promise<{ readonly statement: Attestation; readonly signers: readonly TrustedKey[] }> {
  const root = parseTrustRoot(trust);
  const parsed = sidecars.map(parseSidecar);
  const [first] = parsed;
  if (!first) throw new BundleError('signature_missing');
  if (!Number.isFinite(now)) throw new BundleError('input_invalid');
  const signers = await verifySignatures(root, parsed, PAYLOAD_TYPE);
  if (!parsed.every((each) => sameBytes(each.payload, first.payload)))
    throw new BundleError('statements_differ');
  const statement = parseAttestation(first.payload, predicateType);
  const digest = await sha256(module);
  if (!statement.subject.some((subject) => subject.digest.sha256 === digest))
    throw new BundleError('digest_mismatch');
  const rule = ruleFor(root, bundle);
  if (!rule) throw new BundleError('policy_not_trusted', bundle);
  return { statement, signers: meetRule(rule, signers, now).map((signer) => signer.entry) };
}
