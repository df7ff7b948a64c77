/**
 * Decides whether a bundle may be loaded. The steps are those of the README and of the design, in this order;
 * the first that fails throws its code and nothing after it happens. Nothing here executes the module.
 */
import { PAYLOAD_TYPE, RUNTIME_VERSION, type BundlePredicate, type Statement } from './contract.ts';
import { BundleError, coded, type ErrorCode } from './errors.ts';
import { openKey, type PublicKey } from './keys.ts';
import { clock, prototype, sameBytes, sha256, utf8 } from './platform.ts';
import { instantMillis } from './shape.ts';
import { parseSidecar, parseStatement, splitSingleFile, type Sidecar } from './sidecar.ts';
import { parseTrustRoot, ruleFor, type TrustedKey, type TrustRoot } from './trust.ts';

/** What a guard may remember of a load. */
export interface LoadFacts {
  /** Of the bundle. */
  readonly name: string;
  readonly sequence: number;
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly trustVersion: number;
}

/** Compares loads with earlier ones. What it throws, if not a `BundleError`, becomes `state_unreadable`. */
export interface LoaderGuard {
  /** Refuses by throwing; called after every other check. */
  check(facts: LoadFacts): Promise<void>;
  /** Remembers; called when the module is in use. */
  commit(facts: LoadFacts): Promise<void>;
}

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
  /** Remembers what was loaded, against rollback; see `rollbackGuard`. Without one every load stands alone. */
  readonly state?: LoaderGuard;
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

/** Bytes that nobody else holds. @throws BundleError `input_invalid`, or `code` where they are too many */
export function copy(input: unknown, limit: number, code: 'module_too_large' | 'sidecar_too_large'): Bytes {
  // By tag, not by class: the bytes may come from another realm.
  if (prototype.toString.call(input) !== '[object Uint8Array]') throw new BundleError('input_invalid');
  const bytes = input as Bytes;
  // Asked this way round, a limit that is not a number refuses everything.
  if (!(bytes.byteLength <= limit)) throw new BundleError(code);
  // Not `slice`, which a subclass may override; of shared memory this takes one snapshot.
  return new Uint8Array(bytes);
}

/** DSSE v1 pre-authentication encoding: what is signed covers the type and both lengths. */
export function preAuthenticationEncoding(payloadType: string, payload: Bytes): Bytes {
  const head = utf8(`DSSEv1 ${utf8(payloadType).length} ${payloadType} ${payload.length} `);
  return new Uint8Array([...head, ...payload]);
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

/** Validity from `not_before` (inclusive) to `expires` (exclusive). */
function outside<C extends ErrorCode>(
  limits: { readonly not_before?: string | null; readonly expires: string | null },
  now: number,
  early: C,
  late: C,
): C | undefined {
  if (limits.not_before && now < instantMillis(limits.not_before)) return early;
  return limits.expires && now >= instantMillis(limits.expires) ? late : undefined;
}

/**
 * Steps 9 and 10: enough distinct keys of the rule have signed, and enough of them are valid now.
 *
 * @throws BundleError `key_not_allowed`, `threshold_not_met`, `key_revoked`, `key_not_yet_valid`, `key_expired`
 */
export function meetRule(
  { keys, threshold }: { readonly keys: readonly string[]; readonly threshold: number },
  signers: readonly PublicKey[],
  now: number,
): PublicKey[] {
  // 9. Distinct key material, not distinct ids or signatures.
  const allowed = signers.filter((signer) => keys.includes(signer.entry.id));
  const distinct = [...new Map(allowed.map((signer) => [signer.material, signer])).values()];
  if (distinct.length === 0) throw new BundleError('key_not_allowed');
  if (distinct.length < threshold)
    throw new BundleError('threshold_not_met', `${distinct.length} of ${threshold}`);
  // 10. Key validity and revocation.
  const problems = distinct.map(({ entry }) =>
    entry.revoked ? 'key_revoked' : outside(entry, now, 'key_not_yet_valid', 'key_expired'),
  );
  const current = distinct.filter((_, i) => problems[i] === undefined);
  if (current.length < threshold) throw new BundleError(problems.find(Boolean) as ErrorCode);
  return current;
}

/** Versions as texts that compare like the versions; their parts have at most six digits. */
const padded = (version: string): string => version.replaceAll(/\d+/g, (part) => part.padStart(6, '0'));

/**
 * sha256, in lower-case hex, over what a bundle was compiled from: a line `sha256  name` for each source in the
 * predicate's order and for the tool catalog. It identifies the closure of `extends` across compiler versions.
 */
export function closureDigest(predicate: BundlePredicate): Promise<string> {
  const parts = predicate.sources.concat(predicate.catalog ?? []);
  return sha256(utf8(parts.map((part) => `${part.sha256}  ${part.name}\n`).join('')));
}

/** Asks the guard; it fails closed. */
async function ask(answer: () => Promise<void> | undefined): Promise<void> {
  try {
    await answer();
  } catch (error) {
    throw coded('state_unreadable', error);
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
  const { audience, state, limits = {}, now = clock(), minSequence = 0 } = options;
  // A NaN compares as false with everything and would switch the checks off.
  if (!Number.isFinite(now) || !Number.isFinite(minSequence)) throw new BundleError('input_invalid');

  // 1. Cap the size. 2. Read once and copy: from here on nobody else can change what is looked at.
  const sidecarBytes = limits.sidecarBytes ?? 0x40000;
  const given = signatures && [signatures].flat();
  const room = given ? 0 : 2 * sidecarBytes;
  const whole = copy(module, (limits.moduleBytes ?? 0x800000) + room, 'module_too_large');
  const single = given ? { module: whole, sidecars: given } : splitSingleFile(whole);
  if (single.sidecars.length === 0) throw new BundleError('signature_missing');
  if (!(single.sidecars.length <= (limits.sidecars ?? 16))) throw new BundleError('sidecar_too_large');
  const bytes = new Uint8Array(single.module);
  const copies = single.sidecars.map((sidecar) => copy(sidecar, sidecarBytes, 'sidecar_too_large'));

  // 3. Parse the sidecars strictly. They must agree on what they sign before anything else is asked of them.
  const root = parseTrustRoot(trust);
  const sidecars = copies.map(parseSidecar);

  // 4. to 6. Keys from the trust root, their strength, the signatures.
  const signers = await verifySignatures(root, sidecars, PAYLOAD_TYPE);

  // 7. Payload and predicate types.
  const { payload } = sidecars[0] as Sidecar;
  if (!sidecars.every((each) => sameBytes(each.payload, payload))) throw new BundleError('statements_differ');
  const statement = parseStatement(payload);
  const { predicate } = statement;
  if (padded(RUNTIME_VERSION) < padded(predicate.minimum_runtime)) throw new BundleError('runtime_too_old');

  // 8. The digest of these very bytes.
  const digest = await sha256(bytes);
  const [subject, map, ...more] = statement.subject;
  // Beside the module the statement may be about its source map, which is never loaded, and about nothing else.
  if (
    subject?.digest.sha256 !== digest ||
    (map && (more[0] || map.name !== subject.name + '.map' || map.digest.sha256 === digest))
  ) {
    throw new BundleError('digest_mismatch');
  }

  // 9. Threshold of distinct key material, by the rule for this name. 10. Key validity and revocation.
  const rule = ruleFor(root, predicate.name);
  if (!rule) throw new BundleError('policy_not_trusted', predicate.name);
  const current = meetRule(rule, signers, now);

  // 11. Validity of the trust root and of the bundle.
  if (root.withdrawn.some(({ sha256: each }) => each === digest)) throw new BundleError('bundle_withdrawn');
  const stale =
    outside(root, now, 'trust_expired', 'trust_expired') ??
    outside(predicate, now, 'bundle_not_yet_valid', 'bundle_expired');
  if (stale) throw new BundleError(stale);

  // 12. Audience, and whatever else pins this loader to one bundle.
  for (const allowed of [predicate.audience, rule.audiences]) {
    if (allowed.length === 0) continue;
    if (audience === undefined) throw new BundleError('audience_missing');
    if (!allowed.includes(audience)) throw new BundleError('audience_mismatch');
  }
  if (options.name !== undefined && options.name !== predicate.name) throw new BundleError('name_mismatch');
  if (options.closure !== undefined && options.closure !== (await closureDigest(predicate))) {
    throw new BundleError('closure_mismatch');
  }

  // 13. Sequence, and what the guard remembers; it is written by `commit`, after the module is in use.
  const { name, sequence } = predicate;
  if (sequence < Math.max(rule.minimum_sequence, minSequence)) {
    throw new BundleError('sequence_rollback', `${sequence} is below the minimum`);
  }
  const facts: LoadFacts = { name, sequence, digest, now, trustVersion: root.version };
  await ask(() => state?.check(facts));

  return {
    module: bytes,
    statement,
    digest,
    signers: current.map((signer) => signer.entry),
    commit: () => ask(() => state?.commit(facts)),
  };
}
