/** Asking another service whose a token is: within a time, a size, and without heaping calls on one that is down. */
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { unavailableFor } from './identity.ts';
import type { AuthOutcome } from './identity.ts';
import { textOf, Unreadable } from './read-body.ts';

/** Bytes of an answer. */
const MAX_ANSWER = 256 * 1024;
/** Calls in a row that nobody answered, after which it is left alone. */
const FAILURES = 3;
/** For how long, milliseconds. */
const REST = 5_000;

export type Claims = Readonly<Record<string, unknown>>;

/** An answer: its status, and the object in its body where it is one. */
export interface Answered {
  readonly status: number;
  readonly claims: Claims | null;
}

/**
 * Leaves a service alone that could not be heard several times, and lets one call through when it has rested. What it answers, whatever
 * that is, does not count: whoever has no token may provoke an answer, and would keep out all who have one.
 */
export class Breaker {
  #failures = 0;
  #restsUntil = 0;
  #isProbing = false;
  #underway = 0;
  readonly #most: number;
  readonly #now: () => number;

  /** @param most - calls at a time */
  constructor(most: number, now: () => number = Date.now) {
    this.#most = most;
    this.#now = now;
  }

  /** Begins a call, or says why not, and how many seconds to wait. */
  begin(): { readonly reason: string; readonly seconds: number } | null {
    const seconds = this.#rests();
    if (seconds !== null) return { reason: 'it could not be heard several times and is left alone', seconds };
    if (this.#underway >= this.#most)
      return { reason: 'as many calls as may be made are not answered yet', seconds: 1 };
    this.#isProbing = this.#failures >= FAILURES;
    this.#underway += 1;
    return null;
  }

  #rests(): number | null {
    if (this.#failures < FAILURES) return null;
    const left = this.#restsUntil - this.#now();
    if (left > 0) return Math.ceil(left / 1000);
    return this.#isProbing ? 1 : null;
  }

  answered(): void {
    this.#underway -= 1;
    this.#failures = 0;
    this.#isProbing = false;
  }

  failed(): void {
    this.#underway -= 1;
    this.#failures += 1;
    this.#isProbing = false;
    if (this.#failures >= FAILURES) this.#restsUntil = this.#now() + REST;
  }
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

/**
 * Asks; a service that cannot be heard, or answers 429 or 5xx, is unavailable. Redirects are not followed, for a token would go along: they
 * are answers.
 */
export async function ask(
  { url, init, timeout, breaker }: Asking,
  read: (answer: Answered) => AuthOutcome,
): Promise<AuthOutcome> {
  const wait = breaker.begin();
  if (wait !== null) return unavailableFor(wait.reason, wait.seconds);
  let answer: Answered;
  try {
    answer = await answerOf(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeout) });
  } catch (error) {
    if (error instanceof Unreadable) breaker.answered();
    else breaker.failed();
    return unavailableFor(error instanceof Error ? error.message : String(error), 2);
  }
  breaker.answered();
  const { status } = answer;
  if (status >= 500 || status === 429) return unavailableFor(`it answers ${status}`, 2);
  return read(answer);
}

async function answerOf(url: string, init: RequestInit): Promise<Answered> {
  const reply = await fetch(url, init);
  return { status: reply.status, claims: claimsOf(await textOf(reply, MAX_ANSWER)) };
}
