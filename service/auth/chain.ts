/** The modes of authentication, in order: the first that knows a credential decides. */
import type { IncomingMessage } from 'node:http';
import type { TokenCache } from './cache.ts';
import { refusedFor } from './identity.ts';
import type { AuthMode, AuthOutcome, Credential } from './identity.ts';
import { sourceOf } from './source-of.ts';
import type { Waiting } from './waiting.ts';

export interface ChainOptions {
  readonly modes: readonly AuthMode[];
  readonly cache: TokenCache;
  readonly waiting: Waiting;
  /** Bytes of a token. */
  readonly maxToken: number;
  /** Is told how long a mode took that works or asks for it, in seconds, and what came of it. */
  readonly observe?: (mode: string, outcome: AuthOutcome['kind'], seconds: number) => void;
}

const BEARER = /^Bearer ([A-Za-z0-9\-._~+/]+=*) *$/i;

/** The token of a request: `null` without one; `undefined` for a header that is none (RFC 6750 §2.1). */
export function bearerOf(header: string | undefined): string | null | undefined {
  if (header === undefined || header === '') return null;
  return BEARER.exec(header)?.[1];
}

export class AuthChain {
  readonly #options: ChainOptions;

  constructor(options: ChainOptions) {
    this.#options = options;
  }

  /** Says who asks. @returns the name of the mode that decided, and what it says */
  async authenticate(
    request: IncomingMessage,
  ): Promise<{ readonly mode: string; readonly outcome: AuthOutcome }> {
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) return { mode: 'none', outcome: refusedFor('the header is no bearer token') };
    if (token !== null && token.length > this.#options.maxToken)
      return { mode: 'none', outcome: refusedFor('the token is too long') };
    const credential: Credential = { token, request, source: sourceOf(request) };
    const mode = this.#options.modes.find((each) => each.recognises(credential));
    if (!mode)
      return { mode: 'none', outcome: refusedFor(token === null ? 'no token' : 'no mode knows the token') };
    const outcome =
      mode.isCached && token !== null
        ? (this.#options.cache.recall(token) ?? (await this.#asked(mode, credential, token)))
        : await mode.verify(credential);
    return { mode: mode.name, outcome };
  }

  #asked(mode: AuthMode, credential: Credential, token: string): Promise<AuthOutcome> {
    const { cache, waiting } = this.#options;
    return waiting.during(credential.source, () => cache.ask(token, () => this.#observed(mode, credential)));
  }

  async #observed(mode: AuthMode, credential: Credential): Promise<AuthOutcome> {
    const start = performance.now();
    const outcome = await mode.verify(credential);
    this.#options.observe?.(mode.name, outcome.kind, (performance.now() - start) / 1000);
    return outcome;
  }

  close(): void {
    for (const mode of this.#options.modes) mode.close?.();
  }
}
