/**
 * What a loader remembers between loads, against rollback (an old bundle presented again), against an old trust
 * root, and against a clock set back to revive what has expired.
 */
import type { BundlePredicate } from './contract.ts';
import { BundleError } from './errors.ts';
import type { TrustRoot, TrustRule } from './trust.ts';

/** The highest values this loader has accepted. */
export interface LoaderState {
  readonly trustVersion: number;
  /** Latest instant at which something was loaded, milliseconds since the epoch. */
  readonly time: number;
  /** By bundle name. */
  readonly bundles: Readonly<Record<string, { readonly sequence: number; readonly digest: string }>>;
}

/** Where the state lives. One store belongs to one loader and is kept where an attacker cannot reset it. */
export interface StateStore {
  /** `undefined` where nothing was ever written; anything unreadable must throw, never read as nothing. */
  read(): Promise<LoaderState | undefined> | LoaderState | undefined;
  /** Replaces the state by `change(current)`, atomically; when `change` throws nothing is written. */
  update(change: (current: LoaderState | undefined) => LoaderState): Promise<void> | void;
}

/** A store for one process: protects between loads, not across restarts. */
export function memoryState(): StateStore {
  let state: LoaderState | undefined;
  return { read: () => state, update: (change) => void (state = change(state)) };
}

/** What the checks of step 13 are made with. */
export interface SequenceCheck {
  readonly root: TrustRoot;
  readonly rule: TrustRule;
  readonly predicate: BundlePredicate;
  readonly digest: string;
  readonly now: number;
  readonly minSequence: number;
  readonly maxSequenceJump: number;
  readonly clockTolerance: number;
}

/**
 * Holds a bundle against the state and returns the state to write once it is loaded.
 *
 * @throws BundleError `clock_moved_back`, `trust_rollback`, `sequence_rollback`, `sequence_reused`,
 * `sequence_fast_forward`
 */
export function advance(state: LoaderState | undefined, check: SequenceCheck): LoaderState {
  const { name, sequence } = check.predicate;
  if (sequence < check.rule.minimum_sequence || sequence < check.minSequence) {
    throw new BundleError('sequence_rollback', `${sequence} is below the minimum`);
  }
  if (state && check.now < state.time - check.clockTolerance) throw new BundleError('clock_moved_back');
  // TUF §5.3.5: a root older than the one in use is a rollback.
  if (state && check.root.version < state.trustVersion) throw new BundleError('trust_rollback');
  const seen = state && Object.hasOwn(state.bundles, name) ? state.bundles[name] : undefined;
  if (seen) {
    if (sequence < seen.sequence)
      throw new BundleError('sequence_rollback', `${sequence} after ${seen.sequence}`);
    if (sequence === seen.sequence && check.digest !== seen.digest) throw new BundleError('sequence_reused');
    // A stolen key could otherwise lock out every later release with one bundle of the highest number.
    if (sequence - seen.sequence > check.maxSequenceJump) throw new BundleError('sequence_fast_forward');
  }
  return {
    trustVersion: Math.max(check.root.version, state?.trustVersion ?? 0),
    time: Math.max(check.now, state?.time ?? 0),
    bundles: Object.fromEntries([
      ...Object.entries(state?.bundles ?? {}),
      [name, { sequence, digest: check.digest }],
    ]),
  };
}
