/** A request that was taken in takes its place until it is over and nothing works for it any more: whoever hangs up ends no call. */
export class Stay {
  readonly #leave: () => void;
  #steps = 0;
  #isGone = false;

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  /** Answered, or its reader went away. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Told once. */
  gone(): void {
    this.#isGone = true;
    this.#settle();
  }

  async during<T>(step: () => T | Promise<T>): Promise<T> {
    this.#steps += 1;
    try {
      return await step();
    } finally {
      this.#steps -= 1;
      this.#settle();
    }
  }

  #settle(): void {
    if (this.#isGone && this.#steps === 0) this.#leave();
  }
}
