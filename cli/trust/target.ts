/** What `sign` needs to know of what it signs, whatever file that is. */
import type { NewFile } from '../files.ts';

export interface SignTarget {
  /** Name of what is signed, for a statement about it. */
  readonly name: string;
  /** The bytes it is about: the module's, or the trust root's. */
  readonly content: Uint8Array;
  /** The statement to sign, where there is one yet. */
  readonly statement: Uint8Array | undefined;
  readonly sidecars: readonly Uint8Array[];
  /** The source map, if there is one. */
  readonly map: Uint8Array | undefined;
  /** Path of the SLSA provenance's sidecar. */
  readonly provenance: string;
  /** @throws UsageError if further signatures have nowhere to go, for a file is not replaced unasked */
  ready(): void;
  /** The files that hold further sidecars, and with `sign` a signature over what a reader of the file gets. */
  with(sidecars: readonly Uint8Array[], sign?: Detached): Promise<readonly NewFile[]>;
  write(files: readonly NewFile[]): Promise<void>;
}

/** Makes a signature over bytes. */
type Detached = (bytes: Uint8Array) => Promise<Uint8Array>;
