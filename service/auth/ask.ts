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

/** What one source has asked. */
interface Asked {
  failures: number;
  restsUntil: number;
  isProbing: boolean;
  underway: number;
}

/** Sources whose failures are remembered; beyond, the one that failed longest ago is forgotten. */
const MOST_SOURCES = 1_000;

/**
 * Leaves a service alone that could not be heard several times, and lets one call through when it has rested; and bounds the calls at a
 * time. Both by source: whoever has tokens that a service is slow about keeps out nobody else. Of the calls, one source may have as many
 * as it leaves to others. What the service answers, whatever that is, counts as heard.
 */
export class Breaker {
  readonly #sources = new Map<string, Asked>();
  #underway = 0;
  readonly #most: number;
  readonly #now: () => number;

  /** @param most - calls at a time */
  constructor(most: number, now: () => number = Date.now) {
    this.#most = most;
    this.#now = now;
  }

  /** Begins a call, or says why not, and how many seconds to wait. */
  begin(source: string): { readonly reason: string; readonly seconds: number } | null {
    const own = this.#of(source);
    const seconds = this.#rests(own);
    if (seconds !== null) return { reason: 'it could not be heard several times and is left alone', seconds };
    if (own.underway >= this.#most - this.#underway)
      return { reason: 'as many calls as may be made are not answered yet', seconds: 1 };
    own.isProbing = own.failures >= FAILURES;
    own.underway += 1;
    this.#underway += 1;
    this.#sources.set(source, own);
    return null;
  }

  #of(source: string): Asked {
    return this.#sources.get(source) ?? { failures: 0, restsUntil: 0, isProbing: false, underway: 0 };
  }

  #rests({ failures, restsUntil, isProbing }: Asked): number | null {
    if (failures < FAILURES) return null;
    const left = restsUntil - this.#now();
    if (left > 0) return Math.ceil(left / 1000);
    return isProbing ? 1 : null;
  }

  answered(source: string): void {
    const own = this.#end(source);
    own.failures = 0;
    if (own.underway === 0) this.#sources.delete(source);
  }

  failed(source: string): void {
    const own = this.#end(source);
    own.failures += 1;
    if (own.failures >= FAILURES) own.restsUntil = this.#now() + REST;
    // The last one that failed stands last.
    this.#sources.delete(source);
    this.#sources.set(source, own);
    if (this.#sources.size > MOST_SOURCES) this.#forgetOne();
  }

  #end(source: string): Asked {
    const own = this.#of(source);
    own.underway -= 1;
    own.isProbing = false;
    this.#underway -= 1;
    return own;
  }

  #forgetOne(): void {
    for (const [source, { underway }] of this.#sources) {
      if (underway > 0) continue;
      this.#sources.delete(source);
      return;
    }
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
  /** Who makes us ask. */
  readonly source: string;
}

/**
 * Asks; a service that cannot be heard, or answers 429 or 5xx, is unavailable. Redirects are not followed, for a token would go along: they
 * are answers.
 */
export async function ask(
  { url, init, timeout, breaker, source }: Asking,
  read: (answer: Answered) => AuthOutcome,
): Promise<AuthOutcome> {
  const wait = breaker.begin(source);
  if (wait !== null) return unavailableFor(wait.reason, wait.seconds);
  let answer: Answered;
  try {
    answer = await answerOf(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeout) });
  } catch (error) {
    if (error instanceof Unreadable) breaker.answered(source);
    else breaker.failed(source);
    return unavailableFor(error instanceof Error ? error.message : String(error), 2);
  }
  breaker.answered(source);
  const { status } = answer;
  if (status >= 500 || status === 429) return unavailableFor(`it answers ${status}`, 2);
  return read(answer);
}

async function answerOf(url: string, init: RequestInit): Promise<Answered> {
  const reply = await fetch(url, init);
  return { status: reply.status, claims: claimsOf(await textOf(reply, MAX_ANSWER)) };
}
