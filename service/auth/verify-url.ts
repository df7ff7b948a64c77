/** `verify_url`: the company's own service says whose a token is, as in the source document. */
import { ask, Breaker } from './ask.ts';
import { identityOf, refusedFor } from './identity.ts';
import type { AuthMode } from './identity.ts';

export interface VerifyUrlOptions {
  readonly url: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** The member with the team of the user. */
  readonly team: string;
  readonly asksAtOnce: number;
}

/** 200 with `{username, permissions[]}` is the user, another 3xx or 4xx nobody; 429, 5xx and silence are unavailable. */
export function verifyUrl({ url, timeout, team, asksAtOnce }: VerifyUrlOptions): AuthMode {
  const breaker = new Breaker(asksAtOnce);
  return {
    name: 'verify_url',
    isCached: true,
    recognises: ({ token }) => token !== null,
    verify: ({ token, source }) =>
      ask(
        { url, timeout, breaker, source, init: { headers: { authorization: `Bearer ${token ?? ''}` } } },
        ({ status, claims }) => {
          if (status !== 200) return refusedFor(`it answers ${status}`);
          if (!claims) return refusedFor('its answer is no object');
          return identityOf(claims, { username: 'username', groups: 'groups', team });
        },
      ),
  };
}
