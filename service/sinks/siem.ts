/** Violations to a SIEM: CEF in syslog, at least once. `externalId` and `cn1` tell a second copy from a second violation. */
import type { Batch, Position } from '../audit/reader.ts';
import { BEGINNING } from '../audit/reader.ts';
import { cefOfDecision, cefOfGap, type SeverityStyle } from './cef.ts';
import type { CursorStore } from './cursor.ts';
import type { Sink } from './run.ts';
import { rfc5424, type Origin } from './syslog.ts';
import { openConnection, type Collector, type Connection } from './transport.ts';

export interface SiemOptions extends Collector {
  /** `bare` is the source document's datagram: the event and nothing around it. Default `rfc5424`. */
  readonly format?: 'rfc5424' | 'bare';
  readonly severity?: SeverityStyle;
  readonly origin: Origin;
  readonly cursor: CursorStore;
  /**
   * TCP tells nobody what has arrived: what was sent on a connection that stood for this long afterwards counts, the rest is sent
   * again on the next one. Milliseconds, default 2,000.
   */
  readonly trailMs?: number;
}

/** Time between two writes of the position, milliseconds. */
const SAVE_EVERY = 500;
/** What is on its way when we end is given so long, milliseconds. */
const CLOSING = 2_000;
/** So much is written at once, bytes. */
const PIECE = 64 * 1024;

interface Sent {
  readonly position: Position;
  readonly at: number;
}

class SiemSink implements Sink {
  readonly name = 'siem';
  readonly #options: SiemOptions;
  #connection: Connection | null = null;
  #failure: Error | null = null;
  #settled: Position = BEGINNING;
  #saved: Position = BEGINNING;
  /** Sent, and not long enough ago. */
  #sent: Sent[] = [];

  readonly #trailMs: number;
  #savedAt = 0;

  constructor(options: SiemOptions) {
    this.#options = options;
    // A datagram has no connection to wait for.
    this.#trailMs = options.transport === 'udp' ? 0 : (options.trailMs ?? 2_000);
  }

  async begin(): Promise<Position> {
    this.#connection?.close();
    this.#connection = null;
    this.#sent = [];
    this.#settled = await this.#options.cursor.load();
    this.#saved = this.#settled;
    const connection = await openConnection(this.#options);
    this.#connection = connection;
    this.#failure = null;
    void connection.gone.then((error) => {
      if (this.#connection === connection) this.#failure = error;
    });
    return this.#settled;
  }

  async deliver({ lines, gap }: Batch): Promise<Position> {
    const { severity = 'number' } = this.#options;
    const messages: string[] = [];
    const [first] = lines;
    if (gap)
      messages.push(
        this.#message(cefOfGap(gap, severity), first?.event.timestamp ?? new Date().toISOString()),
      );
    for (const { event } of lines)
      for (const text of cefOfDecision(event, severity)) messages.push(this.#message(text, event.timestamp));
    await this.#send(messages);
    const last = lines.at(-1);
    if (last) this.#sent.push({ position: last.position, at: performance.now() });
    return this.settle();
  }

  async settle(): Promise<Position> {
    if (this.#failure) throw this.#failure;
    const until = performance.now() - this.#trailMs;
    const arrived = this.#sent.filter(({ at }) => at <= until).at(-1);
    if (arrived) {
      this.#settled = arrived.position;
      this.#sent = this.#sent.filter(({ at }) => at > until);
    }
    if (performance.now() - this.#savedAt > SAVE_EVERY) await this.#save();
    return this.#saved;
  }

  /** Once for many lines: each time a disk waits. */
  async #save(): Promise<void> {
    this.#savedAt = performance.now();
    if (this.#settled.seq === this.#saved.seq) return;
    await this.#options.cursor.save(this.#settled);
    this.#saved = this.#settled;
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    // What was sent on a connection that stands is given its time, and no more.
    const wait = Math.min(this.#trailMs, CLOSING);
    if (!this.#failure && this.#sent.length > 0)
      await Promise.race([new Promise((resolve) => setTimeout(resolve, wait)), connection.gone]);
    await this.settle()
      .then(() => this.#save())
      .catch(() => undefined);
    this.#connection = null;
    connection.close();
  }

  #message(text: string, timestamp: string): string {
    return this.#options.format === 'bare' ? text : rfc5424(text, timestamp, this.#options.origin);
  }

  async #send(messages: readonly string[]): Promise<void> {
    const connection = this.#connection;
    if (!connection) throw new Error('not connected');
    let piece: string[] = [];
    let length = 0;
    for (const message of messages) {
      piece.push(message);
      length += message.length;
      if (length < PIECE) continue;
      await connection.send(piece);
      piece = [];
      length = 0;
    }
    if (piece.length > 0) await connection.send(piece);
  }
}

/** @returns a sink for `runSink` */
export const siemSink = (options: SiemOptions): Sink => new SiemSink(options);
