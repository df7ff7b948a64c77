/**
 * Runs a reader of the log: what is new goes to the other side, and the reader's position follows behind it. While the other side is
 * down nothing is kept in memory, and nothing is lost: the log is the queue.
 */
import type { Batch, Position } from '../audit/reader.ts';
import { AuditReader } from '../audit/reader.ts';
import { reasonOf } from '../failure.ts';
import type { Writer } from '../audit/writer.ts';

/** Back-off after a failure, milliseconds: doubled each time, a little random. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** A look at the log without having been called, milliseconds. */
const POLL = 500;

/** The other side. */
export interface Sink {
  readonly name: string;
  /** Connects where it has to, and says behind which line to begin. @throws Error when it is not there */
  begin(): Promise<Position>;
  /**
   * Takes lines, in their order.
   *
   * @returns how far what was sent has surely arrived
   * @throws Error when it is gone: `begin` is asked again
   */
  deliver(batch: Batch): Promise<Position>;
  /** Asked when nothing is new. @returns as `deliver` */
  settle(): Promise<Position>;
  close(): Promise<void>;
}

export interface SinkStatus {
  readonly sink: string;
  /** `down` with a reason; nothing is lost. */
  readonly state: 'up' | 'down';
  readonly problem: string | null;
  /** Number of the last line that has surely arrived. */
  readonly passed: number;
  /** Lines that are still to go. */
  readonly lag: number;
  readonly errors: number;
  /** Lines that were removed before they were read. */
  readonly missed: number;
}

export interface RunningSink {
  status(): SinkStatus;
  /** Ends; positions are written. */
  close(): Promise<void>;
}

/** Starts a reader; it ends with `close`. */
export function runSink(
  sink: Sink,
  log: Pick<Writer, 'written' | 'onWritten' | 'retention'>,
  path: string,
): RunningSink {
  const status = {
    state: 'down' as 'up' | 'down',
    problem: 'not connected yet' as string | null,
    errors: 0,
    missed: 0,
  };
  let passed = 0;
  const asked = new AbortController();
  const isClosing = (): boolean => asked.signal.aborted;
  let wake: () => void = () => undefined;
  const hold = log.retention.hold(sink.name, 0);
  const stopListening = log.onWritten(() => wake());

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const advance = (to: Position): void => {
    passed = to.seq;
    hold.passed(to.seq);
  };

  async function readOn(): Promise<void> {
    const from = await sink.begin();
    advance(from);
    const reader = new AuditReader({ path, from, limit: () => log.written.seq });
    Object.assign(status, { state: 'up', problem: null });
    try {
      while (!isClosing()) {
        const batch = await reader.next();
        const isEmpty = batch.lines.length === 0 && batch.gap === null;
        advance(isEmpty ? await sink.settle() : await sink.deliver(batch));
        if (batch.gap) status.missed += batch.gap.to - batch.gap.from + 1;
        if (isEmpty) await pause(POLL);
      }
    } finally {
      await reader.close();
    }
  }

  async function run(): Promise<void> {
    let wait = FIRST_PAUSE;
    while (!isClosing()) {
      const start = performance.now();
      try {
        await readOn();
      } catch (error) {
        status.errors += 1;
        Object.assign(status, { state: 'down', problem: reasonOf(error) });
        // What worked for a while is tried again soon.
        if (performance.now() - start > LONGEST_PAUSE) wait = FIRST_PAUSE;
        const until = performance.now() + wait * (0.5 + Math.random());
        while (!isClosing() && performance.now() < until) await pause(until - performance.now());
        wait = Math.min(2 * wait, LONGEST_PAUSE);
      }
    }
  }

  const done = run();
  return {
    status: () => ({ sink: sink.name, ...status, passed, lag: Math.max(0, log.written.seq - passed) }),
    async close() {
      asked.abort();
      wake();
      await done;
      stopListening();
      await sink.close();
    },
  };
}
