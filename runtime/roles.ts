/** Roles of the trust root beside that of signing policies. A service that only loads and decides needs none of it. */
import type { RootRole } from './contract.ts';
import { BundleError } from './errors.ts';
import { openKey } from './keys.ts';
import type { TrustRoot } from './trust.ts';

const keysOf = (roles: readonly RootRole[]): readonly string[] => roles.flatMap(({ keys }) => keys);

/** @param countedBy - what of a key tells it from others */
function requireApart(
  { policies, channels, root, decisions, checkpoints }: TrustRoot,
  countedBy: (id: string) => string,
): void {
  const offline = new Set([...keysOf([...policies, ...channels]), ...(root?.keys ?? [])].map(countedBy));
  const shared = keysOf([...decisions, ...checkpoints]).find((id) => offline.has(countedBy(id)));
  if (shared !== undefined)
    throw new BundleError('trust_malformed', `one key for decisions and policies: ${shared}`);
}

/**
 * A key that a running service holds, for decisions and checkpoints, must not be able to sign the policies that this
 * service obeys, nor the next trust root. Keys are told apart by their ids.
 *
 * @throws BundleError `trust_malformed`
 */
export const requireSeparateKeys = (trust: TrustRoot): void => requireApart(trust, (id) => id);

/**
 * Opens every key that is not revoked, as a loader does when it meets a signature by it, and counts those of each role as a
 * loader does: by key material, which a key and its negation share. For whoever writes a trust root.
 *
 * @throws BundleError `key_malformed`, `key_weak`; `trust_malformed` for one key under two ids in a role, or in roles that
 * must be apart
 */
export async function requireUsableKeys(trust: TrustRoot): Promise<void> {
  const materials = new Map<string, string>();
  for (const entry of trust.keys)
    if (entry.revoked === null) materials.set(entry.id, (await openKey(entry)).material);
  requireApart(trust, (id) => materials.get(id) ?? id);
  const { root, policies, decisions, checkpoints, channels } = trust;
  for (const { keys } of [...(root ? [root] : []), ...policies, ...decisions, ...checkpoints, ...channels]) {
    const counted = keys.map((id) => materials.get(id) ?? id);
    const twice = keys.find((_, i) => counted.indexOf(counted[i] ?? '') !== i);
    if (twice !== undefined) throw new BundleError('trust_malformed', `one key under two ids: ${twice}`);
  }
}
