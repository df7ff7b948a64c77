/** What one says to `followBundle`, and what one has of it. */
import type { BundleError } from '../errors.ts';
import type { Bundle, Policy } from '../evaluate.ts';
import type { LoadOptions } from '../load.ts';
import type { RollbackLimits } from '../state.ts';
import type { TrustRoot } from '../trust.ts';
import type { Timers } from './timers.ts';

export interface FollowOptions extends Omit<LoadOptions, 'state' | 'now'> {
  /** The trust root that the service is shipped with. */
  readonly trust: TrustRoot | Uint8Array | string;
  /** The bundle must have this name. */
  readonly name: string;
  /**
   * Follow this channel of a registry: the source is the registry's directory or address. Its head says which bundle is
   * current; one that has expired, or is older than one seen before, is refused.
   */
  readonly channel?: string;
  /**
   * A directory of this service's own: what it has seen (`state.json`, `channels.json`), the last bundle that was good (`bundle`), the trust
   * roots it has walked. Without one, a restart begins anew.
   */
  readonly state?: string;
  /**
   * Where the next trust roots are: a path or an address with `{version}`. Their signatures lie beside them
   * (`trust.2.json.sigstore.json`, `trust.2.json.2.sigstore.json`). They are asked for before the bundle is.
   */
  readonly roots?: string;
  /** Milliseconds between two questions, give or take a quarter; default 60,000. After failures up to ten times as long. */
  readonly interval?: number;
  /** Milliseconds until a reply must be complete; default 10,000. */
  readonly timeout?: number;
  /**
   * Looks at a bundle before any of it is run or believed, in a thread with a deadline, say. What it throws is told as what a
   * loader throws: the bundle in use stays.
   */
  readonly admit?: (candidate: FollowCandidate) => Promise<void>;
  /** Called when another bundle is in use. */
  readonly onChange?: (bundle: Bundle, previous: Bundle | undefined) => void;
  /** Called for each failure; what is in use stays in use, unless the trust root refuses it: then it denies every plan. */
  readonly onError?: (error: BundleError) => void;
  /** Bounds of sequence and clock. */
  readonly rollback?: RollbackLimits;
  /** Milliseconds since the epoch; default: the clock. */
  readonly clock?: () => number;
  /** How it waits; default: timers of the process. For tests, and hosts with timers of their own. */
  readonly timers?: Timers;
}

/** A bundle that has been fetched: bytes that nobody has verified yet. */
export interface FollowCandidate {
  readonly module: Uint8Array;
  /** `undefined` for a single-file bundle. */
  readonly signatures: Uint8Array | readonly Uint8Array[] | undefined;
  /** The trust root in use. */
  readonly trust: TrustRoot;
}

/** How a followed bundle does. */
export interface FollowHealth {
  readonly sequence: number;
  readonly digest: string;
  readonly trustVersion: number;
  /** Milliseconds since the source was last heard and agreed with; grows while it fails. */
  readonly age: number;
  /** Failures since then. */
  readonly failures: number;
  readonly lastError: BundleError | null;
}

export interface FollowedBundle {
  /** The bundle in use. Ask for it anew for each plan. */
  readonly bundle: Bundle;
  /** `bundle.policy(name)` of the bundle in use. */
  readonly policy: (name?: string) => Policy;
  readonly health: () => FollowHealth;
  /** The trust root in use: the last one that was walked to. */
  readonly trust: TrustRoot;
  /** Asks now. Never throws: what fails is told to `onError`. */
  readonly refresh: () => Promise<void>;
  /** Asks no more, and tells no more. The bundle in use stays as it is. */
  readonly stop: () => void;
}
