/**
 * Numbers as text: five bits a character, low end first, the sixth bit says that more follow. The 64 characters
 * are printable ASCII without quote, backslash and `<`, so a literal holds them as they are. What is written here
 * `5-emit/support/patterns.ts` reads.
 */
export class Packer {
  #text = '';
  /** A whole number from 0 to 2^31 - 1. */
  number(value) {
    let rest = value;
    do {
      const digit = rest & 31;
      rest >>>= 5;
      this.#text += digitOf(rest > 0 ? digit | 32 : digit);
    } while (rest > 0);
    return this;
  }
  /** A whole number of either sign, small ones short. */
  signed(value) {
    return this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }
  numbers(values) {
    for (const value of values) this.number(value);
    return this;
  }
  /** The class of every code point, as runs: their number, then how far on each begins, and its class. */
  classes(runs) {
    this.number(runs.length);
    let last = 0;
    for (const [start, classNumber] of runs) {
      this.number(start - last).number(classNumber);
      last = start;
    }
    return this;
  }
  toString() {
    return this.#text;
  }
}
/** `=` to `~` without the backslash. */
function digitOf(value) {
  return String.fromCharCode(value + (value < 31 ? 61 : 62));
}
