/**
 * Decides whether a bundle may be loaded. The steps are those of the README and of the design, in this order;
 * the first that fails throws its code and nothing after it happens. Nothing here executes the module.
 */
import { MAX_SIDECARS, PAYLOAD_TYPE, RUNTIME_VERSION, type Statement } from './contract.ts';
import { BundleError, coded } from './errors.ts';
import { openKey, type PublicKey } from './keys.ts';
import type { LoadFacts, VerifyOptions } from './options.ts';
import { permit } from './permit.ts';
import { clock, prototype, sameBytes, sha256, utf8 } from './platform.ts';
import { parseSidecar, parseStatement, splitSingleFile, type Sidecar } from './sidecar.ts';
import { parseTrustRoot, type TrustedKey, type TrustRoot } from './trust.ts';

type Bytes = Uint8Array;

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
  /**
   * Asks another trust root about the same bundle: whether its signatures still count. The loader state is not asked.
   *
   * @returns what it says, to be awaited
   * @throws BundleError at once: `trust_malformed`, `trust_rollback` for one older than the last asked, `input_invalid`
   */
  readonly check: (trust: TrustRoot | Bytes | string, now?: number) => Promise<unknown>;
}

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

/** Versions as texts that compare like the versions; their parts have at most six digits. */
const padded = (version: string): string => version.replaceAll(/\d+/g, (part) => part.padStart(6, '0'));

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
  const { state, limits = {}, now = clock() } = options;

  // 1. Cap the size. 2. Read once and copy: from here on nobody else can change what is looked at.
  const sidecarBytes = limits.sidecarBytes ?? 0x40000;
  const given = signatures && [signatures].flat();
  const room = given ? 0 : 2 * sidecarBytes;
  const whole = copy(module, (limits.moduleBytes ?? 0x800000) + room, 'module_too_large');
  const single = given ? { module: whole, sidecars: given } : splitSingleFile(whole);
  if (single.sidecars.length === 0) throw new BundleError('signature_missing');
  if (!(single.sidecars.length <= (limits.sidecars ?? MAX_SIDECARS)))
    throw new BundleError('sidecar_too_large');
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

  // 9. to 13.
  const current = await permit(root, { predicate, digest, signers }, options, now);
  const { name, sequence } = predicate;
  const facts: LoadFacts = { name, sequence, digest, now, trustVersion: root.version };
  // What the guard remembers is written by `commit`, after the module is in use.
  await ask(() => state?.check(facts));

  let newest = root.version;
  return {
    module: bytes,
    statement,
    digest,
    signers: current.map((signer) => signer.entry),
    commit: () => ask(() => state?.commit(facts)),
    check(later, at = clock()) {
      const next = parseTrustRoot(later);
      if (next.version < newest) throw new BundleError('trust_rollback');
      newest = next.version;
      return verifySignatures(next, sidecars, PAYLOAD_TYPE).then((known) =>
        permit(next, { predicate, digest, signers: known }, options, at),
      );
    },
  };
}
