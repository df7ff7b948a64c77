/** Requests a second of one user: what is saved up is one second's worth. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Users whose figures are kept; beyond, those are forgotten that asked longest ago. */
const MOST = 10_000;

export class SubjectLimit {
  readonly #rate: number | null;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param rate - a second; `null` for no limit */
  constructor(rate: number | null, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Seconds to wait, `null` where the request is taken. */
  take(user: string): number | null {
    if (this.#rate === null) return null;
    const now = this.#now();
    const bucket = this.#buckets.get(user) ?? { tokens: this.#rate, at: now };
    this.#buckets.delete(user);
    this.#buckets.set(user, bucket);
    if (this.#buckets.size > MOST) this.#forgetOldest();
    bucket.tokens = Math.min(this.#rate, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * this.#rate);
    bucket.at = now;
    if (bucket.tokens < 1) return (1 - bucket.tokens) / Math.max(this.#rate, 0.001);
    bucket.tokens -= 1;
    return null;
  }

  #forgetOldest(): void {
    const { value } = this.#buckets.keys().next();
    if (value !== undefined) this.#buckets.delete(value);
  }
}
