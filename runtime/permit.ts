/** Steps 9 to 13: what is authentic is held against the trust root, the clock and the loader's own demands. */
import type { BundlePredicate } from './contract.ts';
import { BundleError, type ErrorCode } from './errors.ts';
import type { PublicKey } from './keys.ts';
import type { RequiredBase, VerifyOptions } from './options.ts';
import { isArray, sha256, utf8 } from './platform.ts';
import { instantMillis } from './shape.ts';
import { ruleFor, type TrustRoot } from './trust.ts';

/** How far the clocks of who issues and who loads may be apart, in milliseconds. */
const CLOCK_TOLERANCE = 300_000;

interface Validity {
  readonly not_before?: string | null;
  readonly expires: string | null;
}

/** Of a validity from `not_before` (inclusive) to `expires` (exclusive): the code where `now` is outside of it. */
export function outside(
  what: 'key' | 'bundle' | 'trust',
  { not_before: start, expires: end }: Validity,
  now: number,
): ErrorCode | undefined {
  // A trust root has no start.
  if (start && now < instantMillis(start)) return `${what}_not_yet_valid` as ErrorCode;
  return end && now >= instantMillis(end) ? `${what}_expired` : undefined;
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
  let problem: ErrorCode | undefined;
  const current = distinct.filter(({ entry }) => {
    const code = entry.revoked ? 'key_revoked' : outside('key', entry, now);
    problem ??= code;
    return !code;
  });
  if (current.length < threshold) throw new BundleError(problem as ErrorCode);
  return current;
}

/**
 * sha256, in lower-case hex, over what a bundle was compiled from: a line `sha256  name` for each source in the
 * predicate's order and for the tool catalog. It identifies the closure of `extends` across compiler versions.
 */
export function closureDigest(predicate: BundlePredicate): Promise<string> {
  const parts = predicate.sources.concat(predicate.catalog ?? []);
  return sha256(utf8(parts.map((part) => `${part.sha256}  ${part.name}\n`).join('')));
}

/** An authentic bundle: what was signed, about which bytes, and by whom. */
export interface Authentic {
  readonly predicate: BundlePredicate;
  /** sha256 of the module, lower-case hex. */
  readonly digest: string;
  readonly signers: readonly PublicKey[];
}

/**
 * Steps 9 to 13, save for what the loader remembers.
 *
 * @param now - milliseconds since the epoch
 * @returns the keys that count
 * @throws BundleError with the code of the first step that fails
 */
export async function permit(
  root: TrustRoot,
  { predicate, digest, signers }: Authentic,
  options: VerifyOptions,
  now: number,
): Promise<PublicKey[]> {
  const { audience, maxAge, minSequence = 0 } = options;
  const { name, sequence } = predicate;
  // A NaN compares as false with everything and would switch the checks off.
  if (!Number.isFinite(now) || !Number.isFinite(minSequence)) throw new BundleError('input_invalid');

  // 9. Threshold of distinct key material, by the rule for this name. 10. Key validity and revocation.
  const rule = ruleFor(root, name);
  if (!rule) throw new BundleError('policy_not_trusted', name);
  const current = meetRule(rule, signers, now);

  // 11. Withdrawal, validity of the trust root and of the bundle, its age.
  if (root.withdrawn.some(({ sha256: each }) => each === digest)) throw new BundleError('bundle_withdrawn');
  const stale = outside('trust', root, now) ?? outside('bundle', predicate, now);
  if (stale) throw new BundleError(stale);
  if (maxAge !== undefined) {
    const { issued } = predicate;
    if (!issued) throw new BundleError('issued_missing');
    const age = now - instantMillis(issued);
    // Asked this way round, an age that is not a number refuses.
    if (!(age <= maxAge)) throw new BundleError('bundle_too_old', issued);
    // Issued by a clock that was ahead it would stay young for as long.
    if (age < -CLOCK_TOLERANCE) throw new BundleError('bundle_not_yet_valid', issued);
  }

  // 12. Audience, and whatever else pins this loader to one bundle. A rule that names environments wants a bundle that was
  // made for one of them: one for nobody in particular may have been made for a sandbox.
  const [ruled] = rule.audiences;
  if (ruled ?? predicate.audience[0]) {
    if (audience === undefined) throw new BundleError('audience_missing');
    if (!predicate.audience.includes(audience) || (ruled && !rule.audiences.includes(audience)))
      throw new BundleError('audience_mismatch');
  }
  if (options.name !== undefined && options.name !== name) throw new BundleError('name_mismatch', name);
  if (options.closure !== undefined && options.closure !== (await closureDigest(predicate)))
    throw new BundleError('closure_mismatch');
  const { requireBase = [] } = options;
  if (!isArray(requireBase)) throw new BundleError('input_invalid');
  for (const { name: base, sha256: pinned } of requireBase as readonly RequiredBase[]) {
    const signed = predicate.require_base.find((each) => each.name === base)?.sha256;
    if (pinned === undefined ? !signed : pinned !== signed)
      throw new BundleError('base_missing', pinned ? `${base} with sha256 ${pinned}` : base);
  }

  // 13. Sequence.
  if (sequence < Math.max(rule.minimum_sequence, minSequence)) {
    throw new BundleError('sequence_rollback', `${sequence} is below the minimum`);
  }
  return current;
}
