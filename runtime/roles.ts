/** Roles of the trust root beside that of signing policies. A service that only loads and decides needs none of it. */
import type { RootRole } from './contract.ts';
import { BundleError } from './errors.ts';
import type { TrustRoot } from './trust.ts';

/**
 * A key that a running service holds, for decisions and checkpoints, must not be able to sign the policies that this
 * service obeys, nor the next trust root.
 *
 * @throws BundleError `trust_malformed`
 */
export function requireSeparateKeys({ policies, channels, root, decisions, checkpoints }: TrustRoot): void {
  const keysOf = (roles: readonly RootRole[]): readonly string[] => roles.flatMap(({ keys }) => keys);
  const offline = new Set([...keysOf([...policies, ...channels]), ...(root?.keys ?? [])]);
  const shared = keysOf([...decisions, ...checkpoints]).find((id) => offline.has(id));
  if (shared !== undefined)
    throw new BundleError('trust_malformed', `one key for decisions and policies: ${shared}`);
}
