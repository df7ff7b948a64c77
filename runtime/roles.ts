/** Roles of the trust root beside that of signing policies. A service that only loads and decides needs none of it. */
import type { RootRole } from './contract.ts';
import { BundleError } from './errors.ts';
import { openKey } from './keys.ts';
import { keyOfBoth, rolesOf, type TrustRoot } from './trust.ts';

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
  const counted = (roles: readonly RootRole[]): readonly RootRole[] =>
    roles.map(({ keys, threshold }) => ({ keys: keys.map((id) => materials.get(id) ?? id), threshold }));
  const { offline, online } = rolesOf(trust);
  const roles = counted([...offline, ...online]);
  if (roles.some(({ keys }) => new Set(keys).size < keys.length))
    throw new BundleError('trust_malformed', 'one key under two ids');
  if (keyOfBoth(counted(offline), counted(online)) !== undefined)
    throw new BundleError('trust_malformed', 'one key for decisions and policies, under two ids');
}
