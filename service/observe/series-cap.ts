/** Labels that others choose the values of, up to a number of series: what is more is one series, and counted. */
export class SeriesCap {
  readonly #most: number;
  readonly #known = new Set<string>();
  #over = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a series may be there. */
  admits(series: string): boolean {
    if (this.#known.has(series)) return true;
    if (this.#known.size >= this.#most) {
      this.#over += 1;
      return false;
    }
    this.#known.add(series);
    return true;
  }

  /** How often the answer was no. */
  get over(): number {
    return this.#over;
  }
}

const SIZES = [
  [5, '1-5'],
  [20, '6-20'],
  [100, '21-100'],
  [1000, '101-1000'],
] as const;

/** A size as a range in words. */
export const sizeWord = (size: number): string => SIZES.find(([most]) => size <= most)?.[1] ?? '1000+';
