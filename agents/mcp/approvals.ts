/** Asking a person by way of the client: what is shown, what counts as a yes, and states that travel through the client. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson, digestOf } from '@plan-lint/runtime/digest';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import type { JsonValue } from '@plan-lint/runtime/json';
import type { CallDecision } from '@plan-lint/runtime/session';
import { reasonOf } from '../reason.ts';
import type { GateCall } from './gate.ts';
import { isRecord, member, without } from './wire/message.ts';
import type { JsonRecord, Request } from './wire/message.ts';

const LONGEST = 2_000;
const SECRET = /pass(word|phrase|wd)?$|secret|token|api_?key|private_?key|credential|authorization|cookie/i;

function masked(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(masked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? '•••' : masked(inner)]),
  );
}

/** What a person reads: the call with its arguments, secrets covered, and why somebody has to say yes. */
function questionOf({ tool, args }: GateCall, decision: CallDecision): string {
  const shown = canonicalJson(masked(args));
  const text = shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
  return [
    `Allow this call of ${tool}?`,
    `Arguments: ${text}`,
    `sha256 of the arguments: ${digestOf(args)}`,
    reasonOf(tool, decision, 'wants an approval of'),
  ].join('\n');
}

/** Parameters of `elicitation/create`. */
export const elicitationOf = (call: GateCall, decision: CallDecision): JsonRecord => ({
  message: questionOf(call, decision),
  requestedSchema: {
    type: 'object',
    properties: {
      decision: {
        type: 'string',
        title: 'Decision',
        description: 'approve: this call, with these arguments, once',
        enum: ['approve', 'deny'],
      },
    },
    required: ['decision'],
  },
});

/** Whether an answer to it is a yes; anything else is a no. */
export const isApproval = (answer: JsonValue | undefined): boolean =>
  member(answer, 'action') === 'accept' && member(member(answer, 'content'), 'decision') === 'approve';

/** What of a request must be the same when it comes again. */
const repeated = ({ method, params = {} }: Request): string =>
  digestOf({ method, params: without(params, ['_meta', 'requestState', 'inputResponses']) });

/** What a state says. */
export interface State {
  readonly call: string;
  /** Waits for an approval; without it, the server has asked for something. */
  readonly ticket?: string;
  /** The server's own state, where it gave one. */
  readonly server?: string;
}

/** How long an answer may take. */
const LIFE = 24 * 3_600_000;

export type Opened = { readonly state: State } | { readonly problem: string };

/**
 * Seals states that a client hands back (`requestState`, revision 2026-07-28): of this process, this request and this time, and good
 * once. The specification takes what comes back for hostile.
 */
export class Seals {
  readonly #key = randomBytes(32);
  readonly #session: string;
  readonly #now: () => number;
  /** Nonces that have not come back, with the time until which they may. */
  readonly #open = new Map<string, number>();

  constructor(session: string, now: () => number) {
    this.#session = session;
    this.#now = now;
  }

  seal(state: State, request: Request): string {
    const nonce = randomBytes(12).toString('base64url');
    const now = this.#now();
    for (const [other, until] of this.#open) if (until < now) this.#open.delete(other);
    this.#open.set(nonce, now + LIFE);
    const body = canonicalJson({
      state,
      session: this.#session,
      request: repeated(request),
      nonce,
    });
    return `${Buffer.from(body).toString('base64url')}.${this.#mac(body)}`;
  }

  #mac(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('base64url');
  }

  open(text: string, request: Request): Opened {
    const [encoded = '', mac = ''] = text.split('.');
    const body = Buffer.from(encoded, 'base64url').toString();
    const own = Buffer.from(this.#mac(body));
    const theirs = Buffer.from(mac);
    if (own.length !== theirs.length || !timingSafeEqual(own, theirs))
      return { problem: '`requestState` is not one of this proxy' };
    const said = read(body);
    if (said?.session !== this.#session || said.request !== repeated(request))
      return { problem: '`requestState` is of another request' };
    const until = this.#open.get(said.nonce);
    if (until === undefined || until < this.#now())
      return { problem: '`requestState` was used before, or is too old' };
    this.#open.delete(said.nonce);
    return { state: said.state };
  }
}

interface Body {
  readonly state: State;
  readonly session: string;
  readonly request: string;
  readonly nonce: string;
}

/** Of a text with our own MAC: it is what we wrote. */
function read(body: string): Body | null {
  try {
    return parseJson(body) as unknown as Body;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
