/** The file that is written: appended to, made durable, cut back after a failure, closed and begun anew. */
import { closeSync, constants, fdatasync, fstatSync, fsync, ftruncate, open, write } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { closedPath } from './segments.ts';

const opened = promisify(open);
const truncated = promisify(ftruncate);
const synced = promisify(fdatasync);
const syncedWhole = promisify(fsync);

/** Appends all of `bytes`. @throws Error of the system; a part of them may be there then */
function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const step = (from: number): void =>
      write(fd, bytes, from, bytes.length - from, null, (error, count) => {
        if (error) reject(error);
        else if (from + count < bytes.length) step(from + count);
        else resolve();
      });
    step(0);
  });
}

/** Names of a directory are on disk when it is. */
export async function syncDirectory(path: string): Promise<void> {
  const fd = await opened(dirname(path), constants.O_RDONLY);
  try {
    await syncedWhole(fd);
  } finally {
    closeSync(fd);
  }
}

/** What is remembered of the first line of a file. */
interface FirstLine {
  readonly seq: number;
  /** UTC, `2026-06-01`. */
  readonly day: string;
}

export class FileTarget {
  readonly path: string;
  #fd: number;
  /** Length of what counts; what a failed write has left lies behind it. */
  #length: number;
  #isDirty = false;
  /** Number of the first line of this file; 0 while there is none. */
  #first: number;
  /** Day of the first line, UTC. */
  #day: string;

  private constructor(path: string, fd: number, length: number, first: number, day: string) {
    this.path = path;
    this.#fd = fd;
    this.#length = length;
    this.#first = first;
    this.#day = day;
  }

  /** Opens a file whose whole lines end at `length`; what lies behind is cut. */
  static async open(
    path: string,
    { length, first, day }: { readonly length: number; readonly first: number; readonly day: string },
  ): Promise<FileTarget> {
    const fd = await opened(path, 'a', 0o640);
    if (fstatSync(fd).size > length) await truncated(fd, length);
    return new FileTarget(path, fd, length, first, day);
  }

  get length(): number {
    return this.#length;
  }

  get first(): number {
    return this.#first;
  }

  get day(): string {
    return this.#day;
  }

  /**
   * Appends lines: all of them or none.
   *
   * @param first - the first of them
   * @throws Error of the system; nothing counts then, and `repair` has to succeed before the next
   */
  async append(bytes: Uint8Array, first: FirstLine, isSynced: boolean): Promise<void> {
    if (this.#isDirty) await this.repair();
    try {
      await writeAll(this.#fd, bytes);
      if (isSynced) await synced(this.#fd);
    } catch (error) {
      this.#isDirty = true;
      // Readers must not see lines whose decisions were not given.
      await this.repair().catch(() => undefined);
      throw error;
    }
    if (this.#first === 0) {
      this.#first = first.seq;
      this.#day = first.day;
    }
    this.#length += bytes.length;
  }

  /** Cuts what a failed write has left. @throws Error of the system */
  async repair(): Promise<void> {
    if (fstatSync(this.#fd).size > this.#length) await truncated(this.#fd, this.#length);
    this.#isDirty = false;
  }

  sync(): Promise<void> {
    return synced(this.#fd);
  }

  /** Whether the path still leads to this file. */
  async isInPlace(): Promise<boolean> {
    const ours = fstatSync(this.#fd);
    const there = await stat(this.path).catch(() => null);
    return there !== null && there.ino === ours.ino && there.dev === ours.dev;
  }

  /** Whether the file has no name any more: what is written to it is lost. */
  isGone(): boolean {
    return fstatSync(this.#fd).nlink === 0;
  }

  /**
   * Begins a new file in the place of this one.
   *
   * @returns where this one is now; `null` where it was moved by somebody else
   * @throws Error of the system; the old one is written on then
   */
  async rotate(): Promise<string | null> {
    await synced(this.#fd);
    let closed: string | null = null;
    if (await this.isInPlace()) {
      closed = closedPath(this.path, this.#first);
      if (await stat(closed).catch(() => null)) throw new Error(`\`${closed}\` is there already`);
      await rename(this.path, closed);
    }
    let fd: number;
    try {
      // Who moved our file away may have made a new one; there is nothing in it.
      fd = await opened(this.path, closed === null ? 'a' : 'ax', 0o640);
      if (fstatSync(fd).size > 0) {
        closeSync(fd);
        throw new Error(`\`${this.path}\` is another file by now`);
      }
    } catch (error) {
      if (closed !== null) await rename(closed, this.path);
      throw error;
    }
    closeSync(this.#fd);
    this.#fd = fd;
    this.#length = 0;
    this.#first = 0;
    this.#day = '';
    await syncDirectory(this.path);
    return closed;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
