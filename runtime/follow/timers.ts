/** How a follower waits. */

/** Waiting and chance; those of the process where nothing else is given. */
export interface Timers {
  /** Runs `then` once, in `ms` milliseconds, and does not keep the process alive for it. The answer takes it back. */
  readonly after: (ms: number, then: () => void) => () => void;
  /** From 0 to 1: spreads the questions of a fleet. */
  readonly random: () => number;
}

declare function setTimeout(done: () => void, ms: number): { unref?(): void };
declare function clearTimeout(timer: unknown): void;

export const processTimers: Timers = {
  after(ms, then) {
    const timer = setTimeout(then, ms);
    timer.unref?.();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
