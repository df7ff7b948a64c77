/** From one trust root to the next, by signature, so that a pinned root can follow a rotation. */
import { TRUST_PAYLOAD_TYPE } from './contract.ts';
import { BundleError } from './errors.ts';
import { meetRule } from './permit.ts';
import { clock, sameBytes } from './platform.ts';
import { parseSidecar, type Sidecar } from './sidecar.ts';
import { parseTrustRoot, type TrustRoot } from './trust.ts';
import { copy, verifySignatures } from './verify.ts';

/** Of a sidecar that holds a whole trust root: far more than any has. */
const MAX_BYTES = 0x400000;

async function requireRoot(root: TrustRoot, sidecars: readonly Sidecar[], now: number): Promise<void> {
  if (!root.root) throw new BundleError('trust_update_refused', 'the root names no keys for its successor');
  meetRule(root.root, await verifySignatures(root, sidecars, TRUST_PAYLOAD_TYPE), now);
}

/**
 * Takes one step from a trust root to its successor.
 *
 * As in TUF §5.3.4 and §5.3.5 the successor needs the threshold of the current root *and* its own, and its version
 * is exactly one higher: steps cannot be skipped, so every loader walks the same chain. An expired root can still
 * be succeeded; whether the last one has expired is asked when a bundle is loaded.
 *
 * @param sidecars - one for each signer; their payload is the new `trust.json`, byte for byte
 * @param now - milliseconds since the epoch; default: the clock
 * @throws BundleError `trust_update_refused`, `sidecar_malformed`, `sidecar_too_large`, `trust_malformed`, or what the signatures or
 * keys fail with
 * @example
 * trust = await updateTrustRoot(trust, [await readFile('trust.2.json.sigstore.json')]);
 */
export async function updateTrustRoot(
  current: TrustRoot | Uint8Array | string,
  sidecars: readonly Uint8Array[],
  now: number = clock(),
): Promise<TrustRoot> {
  const from = parseTrustRoot(current);
  const parsed = sidecars.map((sidecar) => parseSidecar(copy(sidecar, MAX_BYTES, 'sidecar_too_large')));
  const payload = parsed[0]?.payload;
  if (!payload || !Number.isFinite(now)) throw new BundleError('input_invalid');
  if (!parsed.every((each) => sameBytes(each.payload, payload))) throw new BundleError('statements_differ');
  await requireRoot(from, parsed, now);
  const next = parseTrustRoot(payload);
  if (next.version !== from.version + 1) {
    throw new BundleError('trust_update_refused', `version ${next.version} after ${from.version}`);
  }
  // A root without a role ends the chain; there is no one left to ask about it.
  if (next.root) await requireRoot(next, parsed, now);
  return next;
}
