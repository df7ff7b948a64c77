/** What a caller may ask of a verification. */

/** What a guard may remember of a load. */
export interface LoadFacts {
  /** Of the bundle. */
  readonly name: string;
  readonly sequence: number;
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly trustVersion: number;
}

/** Compares loads with earlier ones. What it throws, if not a `BundleError`, becomes `state_unreadable`. */
export interface LoaderGuard {
  /** Refuses by throwing; called after every other check. */
  check(facts: LoadFacts): Promise<void>;
  /** Remembers; called when the module is in use. */
  commit(facts: LoadFacts): Promise<void>;
}

/** A file that every entry of a bundle must extend. */
export interface RequiredBase {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256?: string;
}

export interface VerifyOptions {
  /** The environment this loader serves; needed for bundles and rules that name environments. */
  readonly audience?: string;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
  /**
   * Refuse bundles that were issued longer ago, in milliseconds; such as do not say when, or say more than five minutes from
   * now, are refused, too.
   */
  readonly maxAge?: number;
  /** Refuse bundles with a lower sequence. */
  readonly minSequence?: number;
  /** Accept only a bundle of exactly this name. */
  readonly name?: string;
  /** Accept only a bundle made of exactly these sources; see `closureDigest`. */
  readonly closure?: string;
  /**
   * Accept only a bundle whose entries all stand on these files, by their path in its policy directory. Without a digest, a
   * path is whatever stood there when the bundle was made.
   */
  readonly requireBase?: readonly RequiredBase[];
  /** Remembers what was loaded, against rollback; see `rollbackGuard`. Without one every load stands alone. */
  readonly state?: LoaderGuard;
  readonly limits?: {
    /** Default 8 MiB. */
    readonly moduleBytes?: number;
    /** Per sidecar, default 256 KiB. */
    readonly sidecarBytes?: number;
    /** How many sidecars, default 16. */
    readonly sidecars?: number;
  };
}
