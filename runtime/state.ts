/**
 * What a loader remembers between loads, against rollback (an old bundle presented again), against an old trust
 * root, and against a clock set back to revive what has expired.
 */
import { BundleError } from './errors.ts';
import type { LoadFacts, LoaderGuard } from './options.ts';

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
  /**
   * Replaces the state by `change(current)`, atomically; when `change` throws nothing is written. It may be called again,
   * where another process has written meanwhile.
   */
  update(change: (current: LoaderState | undefined) => LoaderState): Promise<void> | void;
}

export interface RollbackLimits {
  /** How far a sequence may be above the last one accepted; default 1,000,000. */
  readonly maxSequenceJump?: number;
  /** How far the clock may be behind the last load, in milliseconds; default five minutes. */
  readonly clockTolerance?: number;
  /**
   * How far the clock may be ahead of the last load, in milliseconds; default 366 days. A clock that is wrong by more is not
   * remembered, and the right one is not refused afterwards.
   */
  readonly maxClockJump?: number;
  /** Takes the clock as it is, and remembers it, whatever earlier loads have seen: for the hand that has looked at it. */
  readonly acceptClock?: boolean;
}

/** A store for one process: protects between loads, not across restarts. */
export function memoryStore(): StateStore {
  let state: LoaderState | undefined;
  return { read: () => state, update: (change) => void (state = change(state)) };
}

/**
 * Holds a load against the state and returns the state to write once the bundle is in use.
 *
 * @throws BundleError `clock_moved_back`, `clock_jumped_ahead`, `trust_rollback`, `sequence_rollback`, `sequence_reused`,
 * `sequence_fast_forward`
 */
export function advance(
  state: LoaderState | undefined,
  { name, sequence, digest, now, trustVersion }: LoadFacts,
  {
    maxSequenceJump = 1_000_000,
    clockTolerance = 300_000,
    maxClockJump = 366 * 86_400_000,
    acceptClock = false,
  }: RollbackLimits = {},
): LoaderState {
  const time = acceptClock ? now : Math.max(now, state?.time ?? 0);
  // Asked this way round, what is not a number refuses instead of switching a check off.
  if (state && !acceptClock) {
    const last = `the last load was at ${new Date(state.time).toISOString()}`;
    if (!(now >= state.time - clockTolerance)) throw new BundleError('clock_moved_back', last);
    if (!(now <= state.time + maxClockJump)) throw new BundleError('clock_jumped_ahead', last);
  }
  // TUF §5.3.5: a root older than the one in use is a rollback.
  if (state && !(trustVersion >= state.trustVersion)) throw new BundleError('trust_rollback');
  const seen = state && Object.hasOwn(state.bundles, name) ? state.bundles[name] : undefined;
  if (seen) {
    if (!(sequence >= seen.sequence))
      throw new BundleError('sequence_rollback', `${sequence} after ${seen.sequence}`);
    if (sequence === seen.sequence && digest !== seen.digest) throw new BundleError('sequence_reused');
    // A stolen key could otherwise lock out every later release with one bundle of the highest number.
    if (!(sequence - seen.sequence <= maxSequenceJump)) throw new BundleError('sequence_fast_forward');
  }
  return {
    trustVersion: Math.max(trustVersion, state?.trustVersion ?? 0),
    time,
    bundles: { ...state?.bundles, [name]: { sequence, digest } },
  };
}

/**
 * The guard to pass to `loadBundle` as `state`.
 *
 * @example
 * await loadBundle(module, sidecar, trust, { state: rollbackGuard(memoryStore()) });
 */
export function rollbackGuard(store: StateStore, limits: RollbackLimits = {}): LoaderGuard {
  return {
    async check(facts) {
      advance(await store.read(), facts, limits);
    },
    // The check is made again inside the update: another load may have finished in between.
    commit: async (facts) => store.update((latest) => advance(latest, facts, limits)),
  };
}
