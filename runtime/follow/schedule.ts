/** When a source is asked: from time to time, and soon after it seems to have changed. */
import type { Timers } from './timers.ts';

/** A swap of files is several events, and a file may be half written at the first. */
const SETTLE = 100;
/** After failures, questions are at most so many times as far apart. */
const SLOWEST = 10;

export interface Schedule {
  /** Asks, or waits for the question that is being asked. */
  readonly refresh: () => Promise<void>;
  /** Something may have changed: asks when it has settled, and once more where a question was on its way already. */
  readonly changed: () => void;
  /** Begins to ask from time to time. */
  readonly start: () => void;
  readonly stop: () => void;
}

/**
 * Asks one question after the other.
 *
 * @param ask - asks the source once; never throws
 * @param failures - how many questions in a row have failed
 * @param interval - milliseconds between two questions
 */
export function scheduleOf(
  ask: () => Promise<void>,
  failures: () => number,
  interval: number,
  { after, random }: Timers,
): Schedule {
  let running: Promise<void> | undefined;
  let isStopped = false;
  let endWait = (): void => undefined;
  let endSettling = (): void => undefined;

  function refresh(): Promise<void> {
    running ??= ask().finally(() => (running = undefined));
    return running;
  }

  function start(): void {
    if (isStopped) return;
    const slower = Math.min(2 ** failures(), SLOWEST);
    // Give or take a quarter: a fleet does not ask at once.
    const delay = interval * slower * (0.75 + random() / 2);
    endWait = after(delay, () => void refresh().finally(start));
  }

  function changed(): void {
    if (isStopped) return;
    endSettling();
    endSettling = after(SETTLE, () => {
      // What is on its way may have read the file as it was before.
      void (running ?? Promise.resolve()).then(() => (isStopped ? undefined : refresh()));
    });
  }

  function stop(): void {
    isStopped = true;
    endWait();
    endSettling();
  }

  return { refresh, changed, start, stop };
}
