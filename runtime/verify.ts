/**
 * Decides whether a bundle may be loaded. The steps are those of the README and of the design, in this order;
 * the first that fails throws its code and nothing after it happens. Nothing here executes the module.
 */
import {
  FORMAT_VERSION,
  PAYLOAD_TYPE,
  PREDICATE_TYPE,
  RUNTIME_VERSION,
  type BundlePredicate,
  type Statement,
} from './contract.ts';
import { BundleError } from './errors.ts';
import { openKey, type PublicKey } from './keys.ts';
import { clock, sha256, utf8 } from './platform.ts';
import { instantMillis } from './shape.ts';
import { parseSidecar, parseStatement, splitSingleFile, type Sidecar } from './sidecar.ts';
import { advance, type LoaderState, type SequenceCheck, type StateStore } from './state.ts';
import { parseTrustRoot, ruleFor, type TrustedKey, type TrustRoot } from './trust.ts';

export interface VerifyOptions {
  /** The environment this loader serves; needed for bundles and rules that name environments. */
  readonly audience?: string;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
  /** Refuse bundles with a lower sequence. */
  readonly minSequence?: number;
  /** Accept only a bundle of exactly this name. */
  readonly name?: string;
  /** Accept only a bundle made of exactly these sources; see `closureDigest`. */
  readonly closure?: string;
  /** Remembers what was loaded, against rollback. Without one every load stands alone. */
  readonly state?: StateStore;
  /** How far a sequence may be above the last one accepted; default 1,000,000. */
  readonly maxSequenceJump?: number;
  /** How far the clock may be behind the last load, in milliseconds; default five minutes. */
  readonly clockTolerance?: number;
  readonly limits?: {
    /** Default 8 MiB. */
    readonly moduleBytes?: number;
    /** Per sidecar, default 256 KiB. */
    readonly sidecarBytes?: number;
    /** How many sidecars, default 16. */
    readonly sidecars?: number;
  };
}

/** A bundle that has passed every check. */
export interface VerifiedBundle {
  /** The very bytes that were verified, in a buffer nobody else holds. */
  readonly module: Uint8Array;
  readonly statement: Statement;
  /** sha256 of `module`, lower-case hex. */
  readonly digest: string;
  /** Keys whose signatures counted, one for each distinct key material. */
  readonly signers: readonly TrustedKey[];
  /** Writes the loader state; call it when the module is in use. */
  commit(): Promise<void>;
}

type Bytes = Uint8Array;

function copy(input: unknown, limit: number, code: 'module_too_large' | 'sidecar_too_large'): Bytes {
  // By tag, not by class: the bytes may come from another realm.
  if (Object.prototype.toString.call(input) !== '[object Uint8Array]') throw new BundleError('input_invalid');
  const bytes = input as Bytes;
  if (bytes.byteLength > limit) throw new BundleError(code);
  // Not `slice`, which a subclass may override; of shared memory this takes one snapshot.
  return new Uint8Array(bytes);
}

/** DSSE v1 pre-authentication encoding: what is signed covers the type and both lengths. */
export function preAuthenticationEncoding(payloadType: string, payload: Bytes): Bytes {
  const head = utf8(`DSSEv1 ${utf8(payloadType).length} ${payloadType} ${payload.length} `);
  const out = new Uint8Array(head.length + payload.length);
  out.set(head);
  out.set(payload, head.length);
  return out;
}

/** Which of the trust root's keys made each sidecar's signature. Steps 4 to 6. */
export async function verifySignatures(
  root: TrustRoot,
  sidecars: readonly Sidecar[],
  payloadType: string,
): Promise<PublicKey[]> {
  const signers: PublicKey[] = [];
  for (const sidecar of sidecars) {
    // 4. Algorithm and key come from the trust root; the hint only picks one of them. A sidecar of a key that
    // is not trusted counts for nothing, so that bundles can be signed with the next key in advance.
    const entry = root.keys.find((key) => key.id === sidecar.hint);
    if (!entry) continue;
    // 5. Weak and small-order keys.
    const key = await openKey(entry);
    // 6. The signature, over the payload's bytes as they came (DSSE v1, protocol: verify before parsing). The
    // type is the one expected, not the one claimed.
    if (sidecar.payloadType !== payloadType) throw new BundleError('payload_type');
    if (!(await key.verify(sidecar.signature, preAuthenticationEncoding(payloadType, sidecar.payload)))) {
      throw new BundleError('signature_invalid');
    }
    signers.push(key);
  }
  if (signers.length === 0) throw new BundleError('key_unknown');
  return signers;
}

/** One signer for each distinct key material. */
export function distinct(signers: readonly PublicKey[]): PublicKey[] {
  return [...new Map(signers.map((signer) => [signer.material, signer])).values()];
}

function keyProblem(
  key: TrustedKey,
  now: number,
): 'key_revoked' | 'key_not_yet_valid' | 'key_expired' | undefined {
  if (key.revoked !== null) return 'key_revoked';
  if (key.not_before !== null && now < instantMillis(key.not_before)) return 'key_not_yet_valid';
  return key.expires !== null && now >= instantMillis(key.expires) ? 'key_expired' : undefined;
}

/** Drops signers whose key is revoked or outside its validity. @throws BundleError if too few are left */
export function currentSigners(signers: readonly PublicKey[], threshold: number, now: number): PublicKey[] {
  const current = signers.filter((signer) => keyProblem(signer.entry, now) === undefined);
  if (current.length >= threshold) return current;
  const problems = signers.map((signer) => keyProblem(signer.entry, now));
  throw new BundleError(problems.find((problem) => problem !== undefined) ?? 'threshold_not_met');
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  const differs = a?.findIndex((part, i) => part !== b?.[i]) ?? -1;
  return differs >= 0 && (a?.[differs] ?? 0) < (b?.[differs] ?? 0);
}

function checkFormat(predicate: BundlePredicate): void {
  if (predicate.format !== FORMAT_VERSION) throw new BundleError('format_unsupported');
  if (isOlder(RUNTIME_VERSION, predicate.minimum_runtime)) throw new BundleError('runtime_too_old');
}

function checkAudience(audience: string | undefined, allowed: readonly string[]): void {
  if (allowed.length === 0) return;
  if (audience === undefined) throw new BundleError('audience_missing');
  if (!allowed.includes(audience)) throw new BundleError('audience_mismatch');
}

/**
 * sha256, in lower-case hex, over what a bundle was compiled from: a line `sha256  name` for each source in the
 * predicate's order and for the tool catalog. It identifies the closure of `extends` across compiler versions.
 */
export function closureDigest(predicate: BundlePredicate): Promise<string> {
  const parts = [...predicate.sources, ...(predicate.catalog ? [predicate.catalog] : [])];
  return sha256(utf8(parts.map((part) => `${part.sha256}  ${part.name}\n`).join('')));
}

const asStateError = (error: unknown): never => {
  throw error instanceof BundleError ? error : new BundleError('state_unreadable');
};

async function readState(store: StateStore | undefined): Promise<LoaderState | undefined> {
  try {
    return await store?.read();
  } catch (error) {
    return asStateError(error);
  }
}

/**
 * Verifies a bundle without loading it.
 *
 * @param module - the module's bytes, or those of a single-file bundle
 * @param signatures - its sidecars, in any order; left out for a single-file bundle
 * @param trust - the trust root, as pinned by the caller
 * @returns the verified bytes and what was signed about them
 * @throws BundleError with the code of the first step that fails
 */
export async function verifyBundle(
  module: Bytes,
  signatures: Bytes | readonly Bytes[] | undefined,
  trust: TrustRoot | Bytes | string,
  options: VerifyOptions = {},
): Promise<VerifiedBundle> {
  const { audience, state, limits = {}, now = clock() } = options;
  const { minSequence = 0, maxSequenceJump = 1_000_000, clockTolerance = 300_000 } = options;
  // A NaN compares as false with everything and would switch the checks off.
  if (![now, minSequence, maxSequenceJump, clockTolerance].every(Number.isFinite))
    throw new BundleError('input_invalid');

  // 1. Cap the size. 2. Read once and copy: from here on nobody else can change what is looked at.
  const sidecarBytes = limits.sidecarBytes ?? 0x40000;
  const given = signatures === undefined ? undefined : Array.isArray(signatures) ? signatures : [signatures];
  const room = given ? 0 : 2 * sidecarBytes;
  const whole = copy(module, (limits.moduleBytes ?? 0x800000) + room, 'module_too_large');
  const single = given ? { module: whole, sidecars: given as readonly Bytes[] } : splitSingleFile(whole);
  if (single.sidecars.length === 0) throw new BundleError('signature_missing');
  if (single.sidecars.length > (limits.sidecars ?? 16)) throw new BundleError('sidecar_too_large');
  const bytes = new Uint8Array(single.module);
  const copies = single.sidecars.map((sidecar) => copy(sidecar, sidecarBytes, 'sidecar_too_large'));

  // 3. Parse the sidecars strictly. They must agree on what they sign before anything else is asked of them.
  const root = parseTrustRoot(trust);
  const sidecars = copies.map(parseSidecar);

  // 4. to 6. Keys from the trust root, their strength, the signatures.
  const signers = await verifySignatures(root, sidecars, PAYLOAD_TYPE);

  // 7. Payload and predicate types.
  const [first, ...others] = sidecars;
  if (!first || others.some((other) => !sameBytes(other.payload, first.payload))) {
    throw new BundleError('statements_differ');
  }
  const statement = parseStatement(first.payload, PREDICATE_TYPE);
  const { predicate } = statement;
  checkFormat(predicate);

  // 8. The digest of these very bytes.
  const digest = await sha256(bytes);
  if (statement.subject[0]?.digest.sha256 !== digest) throw new BundleError('digest_mismatch');

  // 9. Threshold of distinct key material, by the rule for this name.
  const rule = ruleFor(root, predicate.name);
  if (!rule) throw new BundleError('policy_not_trusted', predicate.name);
  const allowed = distinct(signers.filter((signer) => rule.keys.includes(signer.entry.id)));
  if (allowed.length === 0) throw new BundleError('key_not_allowed');
  if (allowed.length < rule.threshold)
    throw new BundleError('threshold_not_met', `${allowed.length} of ${rule.threshold}`);

  // 10. Key validity and revocation.
  const current = currentSigners(allowed, rule.threshold, now);

  // 11. Validity of the trust root and of the bundle.
  if (root.expires !== null && now >= instantMillis(root.expires)) throw new BundleError('trust_expired');
  if (predicate.not_before !== null && now < instantMillis(predicate.not_before)) {
    throw new BundleError('bundle_not_yet_valid');
  }
  if (predicate.expires !== null && now >= instantMillis(predicate.expires))
    throw new BundleError('bundle_expired');

  // 12. Audience, and whatever else pins this loader to one bundle.
  checkAudience(audience, predicate.audience);
  checkAudience(audience, rule.audiences);
  if (options.name !== undefined && options.name !== predicate.name) throw new BundleError('name_mismatch');
  if (options.closure !== undefined && options.closure !== (await closureDigest(predicate))) {
    throw new BundleError('closure_mismatch');
  }

  // 13. Sequence and clock against the state; written by `commit`, after the module is in use.
  const check: SequenceCheck = {
    root,
    rule,
    predicate,
    digest,
    now,
    minSequence,
    maxSequenceJump,
    clockTolerance,
  };
  advance(await readState(state), check);

  return {
    module: bytes,
    statement,
    digest,
    signers: current.map((signer) => signer.entry),
    // The check is made again inside the update: another load may have finished in between.
    commit: async () => {
      try {
        await state?.update((latest) => advance(latest, check));
      } catch (error) {
        asStateError(error);
      }
    },
  };
}

function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
