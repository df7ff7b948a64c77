/** Token introspection (RFC 7662): the authorization server says whether a token is active, and whose it is. */
import { ask, Breaker } from './ask.ts';
import { identityOf, refusedFor } from './identity.ts';
import type { AuthMode } from './identity.ts';

export interface IntrospectionOptions {
  readonly url: string;
  readonly clientId: string;
  /** Read for each call: the file may have been replaced. */
  readonly clientSecret: () => Promise<string>;
  readonly timeout: number;
  readonly username: string;
  readonly team: string;
  /** `aud` of a token: one of these. */
  readonly audience: readonly string[];
  readonly asksAtOnce: number;
}

type Claims = Readonly<Record<string, unknown>>;

/** A token that says it is no access token: servers tell of refresh and id tokens, too, each in a member of its own. */
const OTHER_USES = /^(?:refresh|offline|id)(?:[_ ]?token)?$/i;
const isOfOtherUse = (claims: Claims): boolean =>
  ['token_type', 'token_use', 'typ'].some((name) => {
    const use = claims[name];
    return typeof use === 'string' && OTHER_USES.test(use);
  });

/** Without `aud` nobody says for whom it is. */
function isFor(audience: readonly string[], { aud }: Claims): boolean {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.some((each) => typeof each === 'string' && audience.includes(each));
}

export function introspection(options: IntrospectionOptions): AuthMode {
  const { url, clientId, clientSecret, timeout, username, team, audience, asksAtOnce } = options;
  const breaker = new Breaker(asksAtOnce);
  return {
    name: 'introspection',
    isCached: true,
    recognises: ({ token }) => token !== null,
    verify: async ({ token, source }) => {
      // RFC 6749 §2.3.1: both are form-encoded first.
      const basic = [clientId, await clientSecret()].map(encodeURIComponent).join(':');
      const init = {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: new URLSearchParams({ token: token ?? '', token_type_hint: 'access_token' }).toString(),
      };
      return ask({ url, timeout, breaker, source, init }, ({ status, claims }) => {
        if (status !== 200) return { kind: 'unavailable', reason: `it answers ${status}`, retryAfter: 2 };
        // §2.2: only `true` is active.
        if (claims?.['active'] !== true) return refusedFor('the token is not active');
        if (isOfOtherUse(claims)) return refusedFor('the token is no access token');
        if (!isFor(audience, claims)) return refusedFor('the token is not for this service');
        return identityOf(claims, { username, groups: 'groups', team });
      });
    },
  };
}
