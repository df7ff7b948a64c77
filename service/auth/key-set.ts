/** The public keys of an issuer: fetched when they are needed and from time to time, used on while they cannot be fetched. */
import { createLocalJWKSet, errors } from 'jose';
import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters } from 'jose';
import { parseJson } from '@plan-lint/runtime/json';
import { isSafeAddress } from './address.ts';
import { textOf } from './read-body.ts';

type LocalKeySet = ReturnType<typeof createLocalJWKSet>;

export interface KeySetOptions {
  readonly issuer: string;
  /** `null`: where the issuer's metadata say. */
  readonly url: string | null;
  /** Milliseconds between two fetches. */
  readonly refresh: number;
  /** How long keys are used after they were last fetched. */
  readonly maxStale: number;
  readonly now: () => number;
}

/** The least time between two fetches, however many unknown keys are named: a random `kid` must not become traffic. */
const COOL_DOWN = 5_000;
const TIMEOUT = 2_000;
const MAX_BYTES = 1024 * 1024;

/** There are no keys, or only such as are too old to be used. */
export class KeysUnavailable extends Error {}

export class KeySet {
  readonly #options: KeySetOptions;
  readonly #timer: NodeJS.Timeout;
  #keys: LocalKeySet | null = null;
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #failures = 0;
  /** Why the last fetch failed. */
  #problem = '';
  #underway: Promise<void> | null = null;

  constructor(options: KeySetOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#reload(), options.refresh);
    this.#timer.unref();
  }

  /** The key that a token names. @throws KeysUnavailable, JWKSNoMatchingKey */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (!this.#usable()) await this.#reloadUnlessCooling();
    try {
      return await this.#pick(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const isAsked = await this.#reloadUnlessCooling();
      // While the issuer is away nobody can say whether it has such a key.
      if (this.#failures > 0)
        throw new KeysUnavailable(`the issuer cannot be asked for a key${this.#problem}`);
      if (!isAsked) throw error;
      return this.#pick(header, token);
    }
  }

  #usable(): boolean {
    return this.#keys !== null && this.#options.now() - this.#fetchedAt <= this.#options.maxStale;
  }

  async #pick(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (!this.#keys || !this.#usable())
      throw new KeysUnavailable(`the keys of the issuer cannot be had${this.#problem}`);
    return this.#keys(header, token);
  }

  /** @returns whether the keys were asked for */
  async #reloadUnlessCooling(): Promise<boolean> {
    const pause = COOL_DOWN * Math.min(2 ** this.#failures, 12);
    if (!this.#underway && this.#options.now() - this.#triedAt < pause) return false;
    await this.#reload();
    return true;
  }

  #reload(): Promise<void> {
    this.#underway ??= this.#fetch().finally(() => (this.#underway = null));
    return this.#underway;
  }

  async #fetch(): Promise<void> {
    this.#triedAt = this.#options.now();
    try {
      const keys = (await fetchJson(await this.#address())) as JSONWebKeySet;
      this.#keys = createLocalJWKSet(keys);
      this.#fetchedAt = this.#options.now();
      this.#failures = 0;
      this.#problem = '';
    } catch (error) {
      // What was fetched before is used on, for as long as it may.
      this.#failures += 1;
      this.#problem = error instanceof Error ? `: ${error.message}` : '';
    }
  }

  async #address(): Promise<string> {
    const { url, issuer } = this.#options;
    if (url !== null) return url;
    const metadata = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (typeof metadata !== 'object' || metadata === null) throw new Error('its metadata are no object');
    const { issuer: named, jwks_uri: address } = metadata as Readonly<Record<string, unknown>>;
    // RFC 8414 §3.3: else the metadata are somebody else's.
    if (named !== issuer) throw new Error('its metadata are of another issuer');
    if (typeof address !== 'string') throw new Error('its metadata name no keys');
    if (!isSafeAddress(address)) throw new Error('its metadata name keys at no https address');
    return address;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

async function fetchJson(url: string): Promise<unknown> {
  const reply = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT),
    headers: { accept: 'application/json' },
    // Who is asked is who is configured, not whom a redirect names.
    redirect: 'manual',
  });
  if (!reply.ok) throw new Error(`it answers ${reply.status}`);
  return parseJson(await textOf(reply, MAX_BYTES));
}
