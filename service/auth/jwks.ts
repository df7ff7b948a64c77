/** Tokens that an issuer has signed (RFC 7519, RFC 9068), verified here: nobody is asked per request. */
import { errors, jwtVerify } from 'jose';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { identityOf, refusedFor, unavailableFor } from './identity.ts';
import type { AuthMode, AuthOutcome, ClaimNames } from './identity.ts';
import { KeySet, KeysUnavailable } from './key-set.ts';
import type { KeySetOptions } from './key-set.ts';

export interface JwksOptions extends KeySetOptions {
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Milliseconds. */
  readonly clockTolerance: number;
  readonly names: ClaimNames;
}

type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token, read as strictly as a plan: `jose` reads them with the engine's reader. `null` where it is none. */
function claimsOf(token: string): Claims | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(parts[1] ?? '', 'base64url'));
    const claims = parseJson(text);
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as Claims)
      : null;
  } catch (error) {
    if (error instanceof JsonError || error instanceof TypeError) return null;
    throw error;
  }
}

export function jwks(options: JwksOptions): AuthMode {
  const { issuer, audience, algorithms, clockTolerance, names, now } = options;
  const keys = new KeySet(options);

  /** What `jose` has checked, asked once more of what our reader has read. */
  function isFor(claims: Claims): boolean {
    const { iss, aud, exp, nbf } = claims;
    const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    const at = now();
    return (
      iss === issuer &&
      audiences.some((each) => typeof each === 'string' && audience.includes(each)) &&
      typeof exp === 'number' &&
      exp * 1000 > at - clockTolerance &&
      (nbf === undefined || (typeof nbf === 'number' && nbf * 1000 <= at + clockTolerance))
    );
  }

  async function verify(token: string): Promise<AuthOutcome> {
    try {
      await jwtVerify(token, (header, jws) => keys.keyOf(header, jws), {
        issuer,
        audience: [...audience],
        algorithms: [...algorithms],
        clockTolerance: clockTolerance / 1000,
        requiredClaims: ['exp'],
        currentDate: new Date(now()),
      });
    } catch (error) {
      if (error instanceof KeysUnavailable) return unavailableFor(error.message, 5);
      if (error instanceof errors.JOSEError) return refusedFor(error.code);
      return refusedFor('the token cannot be verified');
    }
    const claims = claimsOf(token);
    return claims && isFor(claims) ? identityOf(claims, names) : refusedFor('the claims cannot be read');
  }

  return {
    name: 'jwks',
    isCached: true,
    recognises: ({ token }) => token !== null && claimsOf(token)?.['iss'] === issuer,
    verify: ({ token }) => verify(token ?? ''),
    close: () => keys.close(),
  };
}
