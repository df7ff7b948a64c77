/** A registry as a store of bytes: files that never change, under their digest, and heads that are replaced in one step. */

/** Bytes, and what tells them from other ones at the same place. */
export interface Stored {
  readonly bytes: Uint8Array;
  /** An `ETag`, a digest: handed back to `replaceHead`. */
  readonly tag: string;
}

/** Nothing of what is read here is trusted. */
export interface RegistryStore {
  /** For messages: where it is, without what may be a secret. */
  readonly name: string;
  /** `null` where there is none. */
  readHead(channel: string): Promise<Stored | null>;
  /** `null` where there is none. */
  readFile(sha256: string): Promise<Uint8Array | null>;
  /** Writes a file under its digest, unless something is there. */
  addFile(sha256: string, content: Uint8Array): Promise<void>;
  /**
   * Replaces the head of a channel, if it is still the one that was read (`tag`; `null`: none).
   *
   * @returns `false` where it is not: somebody else has published meanwhile, and nothing was written
   */
  replaceHead(channel: string, head: HeadFile, tag: string | null): Promise<boolean>;
}

/** A head, and the file that it names. */
export interface HeadFile {
  readonly bytes: Uint8Array;
  readonly file: { readonly sha256: string; readonly size: number };
}

/** Of a head; a loader's own limit is the same. */
export const MAX_HEAD = 0x40000;
/** Of a file: as much as any command reads of one. */
export const MAX_FILE = 64 * 1024 * 1024;
