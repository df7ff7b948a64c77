/**
 * A reader of the log: line by line from where it stood, across files that were closed, compressed or moved. It holds no more than a
 * piece of a file. It goes no further than what counts, and says which lines it can never read, because they were removed.
 */
import { stat, type FileHandle } from 'node:fs/promises';
import { hashOf, NO_LINE, readLine, type WrittenEvent } from './line.ts';
import { chunksOfFile, chunksOfGzip, linesIn, type RawLine } from './read-lines.ts';
import { openFollowing, openSegment, type OpenedSegment } from './open-segment.ts';
import type { Segment } from './segments.ts';

/** Where a reader stands: behind which line. */
export interface Position {
  /** 0 before the first line. */
  readonly seq: number;
  /** sha256 of that line. */
  readonly hash: string;
  /** The file it is in, by the number of that file's first line, and where the next line begins in it. */
  readonly segment: number;
  readonly offset: number;
}

export const BEGINNING: Position = { seq: 0, hash: NO_LINE, segment: 0, offset: 0 };

/** A line that counts, and the position behind it. */
export interface ReadLine {
  readonly text: string;
  readonly event: WrittenEvent;
  readonly position: Position;
}

/** Lines that cannot be read any more. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Batch {
  /** What was skipped before the first of these lines. */
  readonly gap: Gap | null;
  readonly lines: readonly ReadLine[];
  /** Text that is no line of this log, and was skipped. */
  readonly unreadable: number;
}

const NOTHING: Batch = { gap: null, lines: [], unreadable: 0 };

/** A file that is being read. */
interface Source {
  readonly segment: Segment;
  /** Of a plain file: it can be asked again for what was appended. */
  readonly handle: FileHandle | null;
  batches: AsyncGenerator<readonly RawLine[]>;
  /** Nothing will be appended any more. */
  isClosed: boolean;
}

export interface ReaderOptions {
  readonly path: string;
  readonly from: Position;
  /** Number of the last line that counts; left out: all that are there. */
  readonly limit?: () => number;
}

function sourceOf({ segment, handle }: OpenedSegment, offset: number): Source {
  const chunks = handle ? chunksOfFile(handle, offset) : chunksOfGzip(segment.path, offset);
  return { segment, handle, batches: linesIn(chunks, offset), isClosed: handle === null };
}

export class AuditReader {
  readonly #path: string;
  readonly #limit: () => number;
  #position: Position;
  #source: Source | null = null;
  /** Where text that was no line has been looked at twice. */
  #doubted = -1;
  /** Read, and not handed out yet. */
  #waiting: readonly RawLine[] = [];

  constructor({ path, from, limit = () => Infinity }: ReaderOptions) {
    this.#path = path;
    this.#position = from;
    this.#limit = limit;
  }

  get position(): Position {
    return this.#position;
  }

  /** The next lines; none where there are none yet. @throws Error of the system */
  async next(): Promise<Batch> {
    for (;;) {
      if (this.#position.seq >= this.#limit()) return NOTHING;
      const source = (this.#source ??= await this.#sourceAtPosition());
      if (source === null) return NOTHING;
      const raw = await this.#more(source);
      if (raw) {
        const batch = this.#read(raw, source);
        if (batch.lines.length > 0 || batch.gap || batch.unreadable > 0) return batch;
        continue;
      }
      if (!source.isClosed) {
        if (await this.#isWritten(source)) return NOTHING;
        // Asked once more, for what came between the last look and its end.
        source.isClosed = true;
        continue;
      }
      const following = await openFollowing(this.#path, source.segment.first, this.#position.seq);
      if (following === null) return NOTHING;
      await this.close();
      this.#source = sourceOf(following, 0);
    }
  }

  async close(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await source?.batches.return(undefined);
    await source?.handle?.close();
  }

  /** Begins anew at another position: what was sent behind it did not arrive. */
  async rewind(to: Position): Promise<void> {
    await this.close();
    this.#waiting = [];
    this.#position = to;
  }

  async #more(source: Source): Promise<readonly RawLine[] | null> {
    if (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      return waiting;
    }
    const result = await source.batches.next();
    if (result.done !== true) return result.value;
    this.#readAgain(source);
    return null;
  }

  /** From our position on, as the file is now. */
  #readAgain(source: Source): void {
    const { segment, handle } = source;
    if (!handle) return;
    const from = this.#position.segment === segment.first ? this.#position.offset : 0;
    source.batches = linesIn(chunksOfFile(handle, from), from);
  }

  /**
   * Whether text that is no line is looked at again: of a file that is written, what was read may have been cut since, and written
   * anew. The second time it is what it is.
   */
  #isDoubted({ handle }: Source, offset: number): boolean {
    if (!handle || this.#doubted === offset) return false;
    this.#doubted = offset;
    return true;
  }

  /** Whether this is the file that lines are appended to. */
  async #isWritten({ handle }: Source): Promise<boolean> {
    const [ours, there] = [await handle?.stat(), await stat(this.#path).catch(() => null)];
    return ours !== undefined && there !== null && ours.ino === there.ino && ours.dev === there.dev;
  }

  /** The file of our position; where it is gone, the one that holds the next line, or the first behind it. */
  async #sourceAtPosition(): Promise<Source | null> {
    const { seq, segment, offset } = this.#position;
    const opened = await openSegment(this.#path, (segments) => {
      const current = segments.find(({ first }) => first === segment);
      return current ?? segments.filter(({ first }) => first <= seq + 1).at(-1) ?? segments[0] ?? null;
    });
    return opened && sourceOf(opened, opened.segment.first === segment ? offset : 0);
  }

  #read(raw: readonly RawLine[], source: Source): Batch {
    const { first } = source.segment;
    const limit = this.#limit();
    const lines: ReadLine[] = [];
    let gap: Gap | null = null;
    let unreadable = 0;
    for (const [i, { text, end }] of raw.entries()) {
      const event = readLine(text);
      if (event === null && this.#isDoubted(source, end)) {
        this.#readAgain(source);
        break;
      }
      if (event === null || event.seq <= this.#position.seq) {
        if (event === null) unreadable += 1;
        this.#position = { ...this.#position, segment: first, offset: end };
        continue;
      }
      const { seq } = event;
      if (seq > limit) {
        // It may be cut again before it counts.
        this.#readAgain(source);
        break;
      }
      if (seq > this.#position.seq + 1) {
        if (lines.length > 0) {
          this.#waiting = raw.slice(i);
          break;
        }
        gap = { from: this.#position.seq + 1, to: seq - 1 };
      }
      this.#position = { seq, hash: hashOf(`${text}\n`), segment: first, offset: end };
      lines.push({ text, event, position: this.#position });
    }
    return { gap, lines, unreadable };
  }
}

/** What a log holds from a position to its end. @throws Error of the system */
export async function* batchesFrom(path: string, from: Position = BEGINNING): AsyncGenerator<Batch> {
  const reader = new AuditReader({ path, from });
  try {
    for (;;) {
      const batch = await reader.next();
      if (batch.lines.length === 0 && batch.unreadable === 0) return;
      yield batch;
    }
  } finally {
    await reader.close();
  }
}
