/** Asking another service whose a token is: within a time, a size, and without heaping calls on one that is down. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { unavailableFor } from './identity.ts';
import type { AuthOutcome } from './identity.ts';

/** Bytes of an answer. */
const MAX_ANSWER = 256 * 1024;
/** Failures in a row after which it is left alone. */
const FAILURES = 3;
/** For how long, milliseconds. */
const REST = 5_000;

export type Claims = Readonly<Record<string, unknown>>;

/** An answer: its status, and the object in its body where it is one. */
export interface Answered {
  readonly status: number;
  readonly claims: Claims | null;
}

/** Leaves a service alone that has failed several times, and lets one call through when it has rested. */
export class Breaker {
  #failures = 0;
  #restsUntil = 0;
  #isProbing = false;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds to wait, or `null` where a call may be made. */
  waits(): number | null {
    if (this.#failures < FAILURES) return null;
    const left = this.#restsUntil - this.#now();
    if (left > 0) return Math.ceil(left / 1000);
    if (this.#isProbing) return 1;
    this.#isProbing = true;
    return null;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isProbing = false;
  }

  failed(): void {
    this.#failures += 1;
    this.#isProbing = false;
    if (this.#failures >= FAILURES) this.#restsUntil = this.#now() + REST;
  }
}

/** Reads a body up to a size; what is larger is no answer. */
async function bodyOf(reply: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of reply.body ?? []) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > MAX_ANSWER) throw new Error('the answer is too large');
    parts.push(bytes);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

function claimsOf(text: string): Claims | null {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

export interface Asking {
  readonly url: string;
  readonly init: RequestInit;
  /** Milliseconds. */
  readonly timeout: number;
  readonly breaker: Breaker;
}

/** Asks; a service that cannot be heard, or answers 5xx, is unavailable. Redirects are not followed: a token would go along. */
export async function ask(
  { url, init, timeout, breaker }: Asking,
  read: (answer: Answered) => AuthOutcome,
): Promise<AuthOutcome> {
  const waits = breaker.waits();
  if (waits !== null) return unavailableFor('it has failed several times and is left alone', waits);
  try {
    const reply = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (reply.status >= 500 || reply.status === 429) throw new Error(`it answers ${reply.status}`);
    const text = await bodyOf(reply);
    breaker.succeeded();
    return read({ status: reply.status, claims: claimsOf(text) });
  } catch (error) {
    breaker.failed();
    return unavailableFor(error instanceof Error ? error.message : String(error), 2);
  }
}
