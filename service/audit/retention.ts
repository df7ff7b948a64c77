/**
 * What becomes of closed files: they are compressed; they go when they are old enough and every reader has passed them, or, where the
 * operator chose so, when there is no room. That a file went is written in the log before it goes, with the hash that its
 * successor follows on: the chain of what is left stays whole.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AuditError } from './errors.ts';
import type { AuditEvent } from './event.ts';
import { syncDirectory } from './file-target.ts';
import type { Settings } from './options.ts';
import { listSegments, type Segment } from './segments.ts';

/** Room is made when so much of `max_bytes` is used. */
const NEARLY_FULL = 0.9;

/** What a reader keeps from being removed. */
export interface Hold {
  /** It needs nothing up to this line any more. */
  passed(seq: number): void;
  release(): void;
}

export type OwnEvents = (
  action: AuditEvent['action'],
  detail: NonNullable<AuditEvent['detail']>,
) => Promise<unknown>;

/** A closed segment, and what the one behind it says of its end. */
interface Closed {
  readonly segment: Segment;
  readonly last: number;
  readonly lastHash: string;
  /** When the next one began, milliseconds since the epoch. */
  readonly ended: number;
}

export class Retention {
  readonly #settings: Settings;
  readonly #passed = new Map<string, number>();
  #bytes = 0;
  /** Work on files, one after the other. */
  #work: Promise<unknown> = Promise.resolve();
  #isMakingRoom = false;
  #tell: OwnEvents = () => Promise.resolve();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Counts what is there, finishes what was begun. */
  async start(tell: OwnEvents): Promise<void> {
    this.#tell = tell;
    const { path } = this.#settings;
    const isLeft = /\.jsonl\.gz\.tmp$/;
    for (const name of await readdir(dirname(path)))
      if (isLeft.test(name) && name.startsWith(`${basename(path).replace(/\.[^.]*$/, '')}-`))
        await rm(join(dirname(path), name), { force: true });
    const { segments } = await listSegments(path);
    for (const segment of segments) {
      this.#bytes += await sizeOf(segment.path);
      if (segment.path !== path && segment.path.endsWith('.jsonl')) this.#compressLater(segment.path);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  grow(bytes: number): void {
    this.#bytes += bytes;
  }

  /** A reader that has passed everything up to `seq`. */
  hold(reader: string, seq: number): Hold {
    this.#passed.set(reader, seq);
    return {
      passed: (to) => this.#passed.set(reader, to),
      release: () => this.#passed.delete(reader),
    };
  }

  /**
   * While room is made by removing files, what comes in is taken: that is over in the time of a few writes.
   *
   * @throws AuditError `audit_full`
   */
  checkRoom(bytes: number): void {
    const { maxBytes, onFull, segment } = this.#settings;
    if (maxBytes === null) return;
    const after = this.#bytes + bytes;
    if (onFull === 'gap' && after > maxBytes * NEARLY_FULL) this.#makeRoom();
    const grace = onFull === 'gap' ? segment.bytes : 0;
    if (after > maxBytes + grace) throw new AuditError('audit_full', `${this.#bytes} of ${maxBytes} bytes`);
  }

  #makeRoom(): void {
    if (this.#isMakingRoom) return;
    this.#isMakingRoom = true;
    void this.sweep().finally(() => (this.#isMakingRoom = false));
  }

  closed(path: string): void {
    this.#compressLater(path);
    void this.sweep();
  }

  /** Removes what is to go. Failures are left for the next time. */
  sweep(): Promise<void> {
    const { keep, maxBytes } = this.#settings;
    if (keep === null && maxBytes === null) return Promise.resolve();
    return this.#next(async () => {
      for (const closed of await this.#closedSegments()) {
        const reason = this.#reasonToRemove(closed);
        if (reason === null) return;
        await this.#remove(closed, reason);
      }
    });
  }

  /** Resolves when no work on files is left. */
  async idle(): Promise<void> {
    await this.#work;
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work).catch(() => undefined);
    this.#work = done;
    return done;
  }

  async #closedSegments(): Promise<readonly Closed[]> {
    const { segments } = await listSegments(this.#settings.path);
    return segments.flatMap((segment, i) => {
      const next = segments[i + 1];
      if (!next || segment.path === this.#settings.path) return [];
      return [{ segment, last: next.first - 1, lastHash: next.prev, ended: next.began }];
    });
  }

  #reasonToRemove({ last, ended }: Closed): 'keep' | 'max_bytes' | null {
    const { keep, now, maxBytes, onFull } = this.#settings;
    const isRead = [...this.#passed.values()].every((seq) => seq >= last);
    if (keep !== null && isRead && ended < now() - keep) return 'keep';
    if (onFull === 'gap' && maxBytes !== null && this.#bytes > maxBytes * NEARLY_FULL) return 'max_bytes';
    return null;
  }

  async #remove({ segment, last, lastHash }: Closed, reason: string): Promise<void> {
    const unread = [...this.#passed].filter(([, seq]) => seq < last);
    const size = await sizeOf(segment.path);
    await this.#tell('segment_removed', {
      file: basename(segment.path),
      first: segment.first,
      last,
      last_sha256: lastHash,
      reason,
      ...(unread.length > 0 && {
        unread_by: unread.map(([reader]) => reader).join(' '),
        unread: last - Math.min(...unread.map(([, seq]) => seq)),
      }),
    });
    await rm(segment.path, { force: true });
    await syncDirectory(this.#settings.path);
    this.#bytes -= size;
  }

  #compressLater(path: string): void {
    if (!this.#settings.segment.gzip) return;
    void this.#next(async () => {
      const before = await sizeOf(path);
      this.#bytes += (await compress(path)) - before;
    });
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Compresses a file beside it; the plain one goes when the other is on disk. @returns its size in bytes */
async function compress(path: string): Promise<number> {
  const target = `${path}.gz`;
  const temp = `${target}.tmp`;
  try {
    await pipeline(createReadStream(path), createGzip(), createWriteStream(temp, { mode: 0o640 }));
    const file = await open(temp, 'r');
    await file.sync().finally(() => file.close());
    await rename(temp, target);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
  await syncDirectory(path);
  await rm(path);
  return sizeOf(target);
}
