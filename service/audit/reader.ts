/**
 * A reader of the log: line by line from where it stood, across files that were closed, compressed or moved. It holds no more than a
 * piece of a file. It goes no further than what counts, and says which lines it can never read, because they were removed.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { hashOf, NO_LINE, readLine, type WrittenEvent } from './line.ts';
import { chunksOfFile, chunksOfGzip, linesIn, type RawLine } from './read-lines.ts';
import { listSegments, type Segment } from './segments.ts';

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

async function openSource(segment: Segment, offset: number): Promise<Source> {
  const handle = segment.isGzip ? null : await open(segment.path, 'r');
  const chunks = handle ? chunksOfFile(handle, offset) : chunksOfGzip(segment.path, offset);
  return { segment, handle, batches: linesIn(chunks, offset), isClosed: handle === null };
}

export class AuditReader {
  readonly #path: string;
  readonly #limit: () => number;
  #position: Position;
  #source: Source | null = null;
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
        const batch = this.#read(raw, source.segment);
        if (batch.lines.length > 0 || batch.gap || batch.unreadable > 0) return batch;
        if (this.#waiting.length > 0) return NOTHING;
        continue;
      }
      if (!source.isClosed) {
        if (await this.#isWritten(source)) return NOTHING;
        // Asked once more, for what came between the last look and its end.
        source.isClosed = true;
        continue;
      }
      const following = await this.#following(source.segment);
      if (following === null) return NOTHING;
      await this.close();
      this.#source = await openSource(following, 0);
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
    if (source.handle) {
      const from = this.#position.segment === source.segment.first ? this.#position.offset : 0;
      source.batches = linesIn(chunksOfFile(source.handle, from), from);
    }
    return null;
  }

  /** Whether this is the file that lines are appended to. */
  async #isWritten({ handle }: Source): Promise<boolean> {
    const [ours, there] = [await handle?.stat(), await stat(this.#path).catch(() => null)];
    return ours !== undefined && there !== null && ours.ino === there.ino && ours.dev === there.dev;
  }

  async #following({ first: current }: Segment): Promise<Segment | null> {
    const { segments } = await listSegments(this.#path);
    return segments.find(({ first }) => first > current) ?? null;
  }

  /** The file of our position; where it is gone, the one that holds the next line, or the first behind it. */
  async #sourceAtPosition(): Promise<Source | null> {
    const { segments } = await listSegments(this.#path);
    const { seq, segment, offset } = this.#position;
    const current = segments.find(({ first }) => first === segment);
    if (current) return openSource(current, offset);
    const next = segments.filter(({ first }) => first <= seq + 1).at(-1) ?? segments[0];
    return next ? openSource(next, 0) : null;
  }

  #read(raw: readonly RawLine[], segment: Segment): Batch {
    const limit = this.#limit();
    const lines: ReadLine[] = [];
    let gap: Gap | null = null;
    let unreadable = 0;
    for (const [i, { text, end }] of raw.entries()) {
      const event = readLine(text);
      if (event === null) {
        unreadable += 1;
        this.#position = { ...this.#position, segment: segment.first, offset: end };
        continue;
      }
      const { seq } = event;
      if (seq > limit) {
        this.#waiting = raw.slice(i);
        break;
      }
      const position = { seq, hash: hashOf(`${text}\n`), segment: segment.first, offset: end };
      if (seq <= this.#position.seq) {
        this.#position = { ...this.#position, segment: segment.first, offset: end };
        continue;
      }
      if (seq > this.#position.seq + 1) {
        if (lines.length > 0) {
          this.#waiting = raw.slice(i);
          break;
        }
        gap = { from: this.#position.seq + 1, to: seq - 1 };
      }
      lines.push({ text, event, position });
      this.#position = position;
    }
    return { gap, lines, unreadable };
  }
}
