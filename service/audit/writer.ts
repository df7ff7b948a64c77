/**
 * The writer of the log. Events become lines at once, in the order they come; lines are written together, one write at a time, and each
 * `append` resolves when its line is as durable as was asked for. What cannot be written is refused, and nothing of it is left: then the
 * log waits, tries again by itself, and writes down for how long it could not.
 */
import type { FileTarget } from './file-target.ts';
import { reasonOf } from '../failure.ts';
import { AuditError } from './errors.ts';
import { eventWithoutPlan, SERVICE } from './event.ts';
import type { AuditEvent, AuditHealth, AuditLog, AuditPosition } from './event.ts';
import { lineAfter, type Head, type Line } from './line.ts';
import type { Lock } from './lock.ts';
import type { Settings } from './options.ts';
import { dayOf, type Found } from './recover.ts';
import type { Retention } from './retention.ts';

/** How often a log that cannot be written is tried again, milliseconds. */
const RETRY = 250;
/** `async` waits, too, when so many bytes are not written yet. */
const MAX_QUEUED = 8 * 2 ** 20;

interface Entry {
  readonly line: Line;
  /** Of the log about itself: no room is asked for it, nobody is refused with it. */
  readonly isOwn: boolean;
  readonly resolve: (position: AuditPosition) => void;
  readonly reject: (error: AuditError) => void;
}

/** Events of the log about itself have no plan, no policy and no user. */
const ownEvent = (action: AuditEvent['action'], detail: NonNullable<AuditEvent['detail']>): AuditEvent =>
  eventWithoutPlan(action, SERVICE, { detail });

/** A failure that lasts. */
interface Outage {
  readonly error: AuditError;
  readonly since: number;
  refused: number;
}

export class Writer implements AuditLog {
  readonly #settings: Settings;
  readonly #target: FileTarget;
  readonly #lock: Lock;
  readonly #retention: Retention;
  readonly #onWritten = new Set<() => void>();
  /** Of the last line that was made, written or not. */
  #head: Head;
  /** Of the last line that counts. */
  #written: Head;
  #queue: Entry[] = [];
  #queuedBytes = 0;
  #isWriting = false;
  #outage: Outage | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;
  readonly #closing: (() => Promise<void>)[] = [];
  /** What operators should see, though it stops nothing. */
  #note: string | undefined;
  #counts = { lines: 0, bytes: 0, errors: 0 };

  constructor(
    settings: Settings,
    target: FileTarget,
    lock: Lock,
    found: Pick<Found, 'head'>,
    retention: Retention,
  ) {
    this.#settings = settings;
    this.#target = target;
    this.#lock = lock;
    this.#head = found.head;
    this.#written = found.head;
    this.#retention = retention;
  }

  append(event: AuditEvent): Promise<AuditPosition> {
    if (this.#isClosed) return Promise.reject(new AuditError('audit_closed'));
    if (this.#outage) {
      this.#outage.refused += 1;
      return Promise.reject(this.#outage.error);
    }
    return this.#take(event, false);
  }

  /** The last line that counts: readers go no further. */
  get written(): Head {
    return this.#written;
  }

  /** Calls back after lines have been written. @returns what ends that */
  onWritten(listener: () => void): () => void {
    this.#onWritten.add(listener);
    return () => this.#onWritten.delete(listener);
  }

  /** What readers hold back: closed files stay until the reader has passed them. */
  get retention(): Retention {
    return this.#retention;
  }

  health(): AuditHealth {
    const { path } = this.#settings;
    const problem = this.#outage?.error.message ?? (this.#isClosed ? 'the audit log is closed' : undefined);
    const note = this.#note;
    return {
      writable: problem === undefined,
      ...(problem !== undefined && { problem }),
      ...(note !== undefined && { note }),
      path,
      seq: this.#written.seq,
      ...this.#counts,
    };
  }

  #take(event: AuditEvent, isOwn: boolean): Promise<AuditPosition> {
    let line: Line;
    try {
      line = lineAfter(this.#head, event, this.#settings.now(), this.#settings.line);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new AuditError('audit_event_invalid'));
    }
    this.#head = line.head;
    const isWaitedFor = this.#settings.durability !== 'async' || this.#queuedBytes > MAX_QUEUED;
    const { promise, ...entry } = waiting(line, isOwn);
    this.#queue.push(entry);
    this.#queuedBytes += line.text.length;
    this.#start();
    if (isWaitedFor) return promise;
    promise.catch(() => undefined);
    return Promise.resolve({ seq: line.head.seq });
  }

  #start(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // What comes in one turn of the loop goes out in one write.
    setImmediate(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      this.#queuedBytes = 0;
      try {
        await this.#write(batch);
      } catch (error) {
        this.#fail(batch, error);
      }
    }
    this.#isWriting = false;
  }

  async #write(batch: readonly Entry[]): Promise<void> {
    const first = { seq: batch[0]?.line.head.seq ?? 0, day: dayOf(this.#settings.now()) };
    const bytes = Buffer.from(batch.map(({ line }) => line.text).join(''));
    const held = this.#lock.isHeld();
    if (held !== true && !(await held)) throw new AuditError('audit_lock_lost');
    await this.#makeRoom(
      bytes.length,
      batch.every(({ isOwn }) => isOwn),
    );
    await this.#target.append(bytes, first, this.#settings.durability === 'synced');
    const last = batch.at(-1);
    if (last) this.#written = last.line.head;
    this.#counts.lines += batch.length;
    this.#counts.bytes += bytes.length;
    this.#retention.grow(bytes.length);
    for (const { line, resolve } of batch) resolve({ seq: line.head.seq });
    for (const listener of this.#onWritten) listener();
  }

  async #makeRoom(bytes: number, isOwn: boolean): Promise<void> {
    const { length, day } = this.#target;
    const { segment, now } = this.#settings;
    const isFull = length > 0 && length + bytes > segment.bytes;
    const isOver = length > 0 && segment.daily && day !== dayOf(now());
    if (isFull || isOver) await this.#rotate();
    if (!isOwn) this.#retention.checkRoom(bytes);
  }

  /** A file that cannot be closed is written on: a missing segment is no reason to stop deciding. */
  async #rotate(): Promise<void> {
    try {
      const closed = await this.#target.rotate();
      if (closed !== null) this.#retention.closed(closed);
    } catch {
      this.#counts.errors += 1;
    }
  }

  /** Refuses what was not written, and what stands behind it: its chain is broken. */
  #fail(batch: readonly Entry[], error: unknown): void {
    const refused = [...batch, ...this.#queue];
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#head = this.#written;
    this.#counts.errors += 1;
    const coded =
      error instanceof AuditError
        ? error
        : new AuditError('audit_unavailable', `${reasonOf(error)} at \`${this.#settings.path}\``);
    this.#outage ??= { error: coded, since: this.#settings.now(), refused: 0 };
    this.#outage.refused += refused.filter(({ isOwn }) => !isOwn).length;
    for (const { reject } of refused) reject(coded);
    if (!this.#isClosed) this.#retry ??= setTimeout(() => void this.#tryAgain(), RETRY);
  }

  async #tryAgain(): Promise<void> {
    const { error, since, refused } = this.#outage ?? { error: null, since: 0, refused: 0 };
    if (error === null || this.#isClosed) return;
    this.#retry = null;
    try {
      await this.#retention.sweep();
      const outage = { code: error.code, outage_ms: this.#settings.now() - since, refused };
      await this.#take(ownEvent('audit_recovered', outage), true);
      this.#outage = null;
    } catch {
      // It is tried again: `#fail` has seen to it.
    }
  }

  /** Writes an event of the log about itself, also while others are refused for lack of room. */
  own(action: AuditEvent['action'], detail: NonNullable<AuditEvent['detail']>): Promise<AuditPosition> {
    return this.#take(ownEvent(action, detail), true);
  }

  /** Makes what has been written durable, and says how far that is. */
  async sync(): Promise<Head> {
    const head = this.#written;
    await this.#target.sync();
    return head;
  }

  /** Somebody may have moved the file: lines go to a new one at its path. */
  async reopen(): Promise<void> {
    if (await this.#target.isInPlace()) return;
    await this.#exclusive(() => this.#rotate());
  }

  /** Runs between two writes. */
  async #exclusive(work: () => Promise<void>): Promise<void> {
    while (this.#isWriting) await new Promise((resolve) => setImmediate(resolve));
    this.#isWriting = true;
    try {
      await work();
    } finally {
      this.#isWriting = false;
      if (this.#queue.length > 0) this.#start();
    }
  }

  /** Where the file was removed under our hands, what is written would be lost. */
  async look(): Promise<void> {
    if (!this.#target.isGone()) return;
    await this.#exclusive(() => this.#rotate());
    await this.own('audit_recovered', { code: 'audit_file_removed' });
  }

  /** Done before the log is closed, the last one asked first. */
  atClose(work: () => Promise<void>): void {
    this.#closing.unshift(work);
  }

  /** Something that is no reason to stop, and that operators should see. */
  noteProblem(text: string): void {
    this.#counts.errors += 1;
    this.#note = text;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#retry) clearTimeout(this.#retry);
    if (!this.#outage) await this.own('audit_closed', { log: this.#settings.log }).catch(() => undefined);
    for (const work of this.#closing) await work();
    this.#isClosed = true;
    await this.#exclusive(async () => {
      await this.#target.sync().catch(() => undefined);
      this.#target.close();
    });
    await this.#retention.idle();
    await this.#lock.release();
  }
}

function waiting(line: Line, isOwn: boolean): Entry & { readonly promise: Promise<AuditPosition> } {
  let settle: Pick<Entry, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<AuditPosition>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { line, isOwn, promise, ...(settle as Pick<Entry, 'resolve' | 'reject'>) };
}
