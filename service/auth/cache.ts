/** Verified tokens, remembered for a while: a verification costs four times what the rest of a request does. */
import { hash } from 'node:crypto';
import type { AuthOutcome } from './identity.ts';

/** How long a refusal is remembered, milliseconds. */
const REFUSED_FOR = 5_000;

export interface TokenCacheOptions {
  /** Milliseconds; also how long a token that was withdrawn is taken. 0 remembers nothing. */
  readonly life: number;
  readonly entries: number;
  readonly now: () => number;
}

interface Entry {
  readonly outcome: AuthOutcome;
  readonly until: number;
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');

/** Keeps digests of tokens, never tokens. Of two requests with one token, one asks and both are told. */
export class TokenCache {
  readonly #options: TokenCacheOptions;
  /** In order of use: the first is the one that goes. */
  readonly #entries = new Map<string, Entry>();
  /** Apart: tokens that anybody can invent must not push out those that hold. */
  readonly #refused = new Map<string, Entry>();
  readonly #underway = new Map<string, Promise<AuthOutcome>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
  }

  /** What is remembered; `null` for nothing. */
  recall(token: string): AuthOutcome | null {
    if (this.#options.life === 0) return null;
    const key = keyOf(token);
    return this.#from(this.#entries, key) ?? this.#from(this.#refused, key);
  }

  /** What is remembered, or what `verify` says. Whoever could not be asked is asked again. */
  async ask(token: string, verify: () => Promise<AuthOutcome>): Promise<AuthOutcome> {
    if (this.#options.life === 0) return verify();
    const remembered = this.recall(token);
    if (remembered) return remembered;
    const key = keyOf(token);
    const asked = this.#underway.get(key) ?? this.#verify(key, verify);
    this.#underway.set(key, asked);
    return asked;
  }

  #from(entries: Map<string, Entry>, key: string): AuthOutcome | null {
    const found = entries.get(key);
    if (!found) return null;
    entries.delete(key);
    if (found.until <= this.#options.now()) return null;
    entries.set(key, found);
    return found.outcome;
  }

  async #verify(key: string, verify: () => Promise<AuthOutcome>): Promise<AuthOutcome> {
    try {
      const outcome = await verify();
      const until = this.#untilOf(outcome);
      if (until !== null) this.#keep(key, { outcome, until });
      return outcome;
    } finally {
      this.#underway.delete(key);
    }
  }

  #untilOf(outcome: AuthOutcome): number | null {
    const now = this.#options.now();
    if (outcome.kind === 'unavailable') return null;
    if (outcome.kind === 'refused') return now + Math.min(REFUSED_FOR, this.#options.life);
    return Math.min(now + this.#options.life, outcome.identity.expires ?? Infinity);
  }

  #keep(key: string, entry: Entry): void {
    const entries = entry.outcome.kind === 'refused' ? this.#refused : this.#entries;
    entries.set(key, entry);
    if (entries.size <= this.#options.entries) return;
    const { value: oldest } = entries.keys().next();
    if (oldest !== undefined) entries.delete(oldest);
  }

  /** Forgets all: roles or keys have changed. */
  clear(): void {
    this.#entries.clear();
    this.#refused.clear();
  }
}
