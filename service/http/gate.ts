/** Turning requests away before anything of them is read, so that those that are taken are answered in time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntervalHistogram } from 'node:perf_hooks';
import type { ShedReason } from '../observe/metrics.ts';

export interface GateOptions {
  readonly inFlight: number;
  /** Milliseconds at the 99th percentile of the last half second. */
  readonly loopDelay: number;
}

const WINDOW = 500;
const RESOLUTION = 10;

export class Gate {
  readonly #options: GateOptions;
  readonly #histogram: IntervalHistogram;
  readonly #timer: NodeJS.Timeout;
  #inFlight = 0;
  #delay = 0;
  /** Of the window before, and whether the first has passed: a start holds the loop, and says nothing of what comes. */
  #before = 0;
  #isWarm = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#look(), WINDOW);
    this.#timer.unref();
  }

  #look(): void {
    // The histogram counts the time between two ticks, the resolution with it.
    const delay = this.#histogram.percentile(99) / 1e6 - RESOLUTION;
    const current = this.#isWarm && Number.isFinite(delay) ? Math.max(delay, 0) : 0;
    // One pause (of the collector, of a neighbour) is no overload: two windows in a row are.
    this.#delay = Math.min(current, this.#before);
    this.#before = current;
    this.#isWarm = true;
    this.#histogram.reset();
  }

  /** Takes a request in, or says why not. */
  enter(): ShedReason | null {
    if (this.#inFlight >= this.#options.inFlight) return 'in_flight';
    if (this.#delay > this.#options.loopDelay) return 'loop_delay';
    this.#inFlight += 1;
    return null;
  }

  leave(): void {
    this.#inFlight -= 1;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Milliseconds. */
  get delay(): number {
    return this.#delay;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }
}
