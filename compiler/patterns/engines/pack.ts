/**
 * Numbers as text: five bits a character, low end first, the sixth bit says that more follow. The 64 characters
 * are printable ASCII without quote, backslash and `<`, so a literal holds them as they are. What is written here
 * `engine/text/patterns.ts` reads.
 */
export class Packer {
  #text = '';

  /** A whole number from 0 to 2^31 - 1. */
  number(value: number): this {
    let rest = value;
    do {
      const digit = rest & 31;
      rest >>>= 5;
      this.#text += digitOf(rest > 0 ? digit | 32 : digit);
    } while (rest > 0);
    return this;
  }

  /** A whole number of either sign, small ones short. */
  signed(value: number): this {
    return this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  numbers(values: readonly number[]): this {
    for (const value of values) this.number(value);
    return this;
  }

  /** The class of every code point, as runs: their number, then how far on each begins, and its class. */
  classes(runs: readonly (readonly [start: number, classNumber: number])[]): this {
    this.number(runs.length);
    let last = 0;
    for (const [start, classNumber] of runs) {
      this.number(start - last).number(classNumber);
      last = start;
    }
    return this;
  }

  toString(): string {
    return this.#text;
  }
}

/** `=` to `~` without the backslash. */
function digitOf(value: number): string {
  return String.fromCharCode(value + (value < 31 ? 61 : 62));
}
