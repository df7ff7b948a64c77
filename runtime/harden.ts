/** Optional hardening of the process a policy runs in. */
import { checkIntrinsics, intrinsics } from './intrinsics.ts';

/**
 * Freezes those built-ins for the whole process, so that nothing can replace them later. For services that load
 * policies first; code that patches built-ins afterwards will throw.
 *
 * @throws BundleError `intrinsics_altered` if it is too late
 */
export function freezeIntrinsics(): void {
  checkIntrinsics();
  // Programs set properties of their own promises, which a frozen prototype would forbid.
  const open: readonly object[] = [Promise, Promise.prototype];
  for (const holder of intrinsics) if (!open.includes(holder)) Object.freeze(holder);
}
