/** Who asks, as a mode of authentication says it. */
import type { IncomingMessage } from 'node:http';

/** Somebody whose token or certificate was verified. */
export interface Identity {
  readonly username: string;
  /** What the token brings; it counts only where `auth.trust_permissions` says so. */
  readonly permissions: readonly string[];
  readonly groups: readonly string[];
  readonly team: string | null;
  /** All that was vouched for. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; `null` where the token does not say. */
  readonly expires: number | null;
}

/** What becomes of a credential. Whoever cannot be asked is `unavailable`: never a pass, and never a 401. */
export type AuthOutcome =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** `reason` is for the audit log; it never holds the token. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfter: number };

/** What a request brings. */
export interface Credential {
  /** Behind `Bearer `; `null` without one. */
  readonly token: string | null;
  readonly request: IncomingMessage;
  /** Where it comes from: `sourceOf`. */
  readonly source: string;
}

/** One way of telling who asks. */
export interface AuthMode {
  readonly name: string;
  /** Whether it is this mode that decides. */
  readonly recognises: (credential: Credential) => boolean;
  readonly verify: (credential: Credential) => Promise<AuthOutcome>;
  /** Whether what it says may be remembered by the token. */
  readonly isCached: boolean;
  readonly close?: () => void;
}

export const refusedFor = (reason: string): AuthOutcome => ({ kind: 'refused', reason });
export const unavailableFor = (reason: string, retryAfter: number): AuthOutcome => ({
  kind: 'unavailable',
  reason,
  retryAfter,
});

const textsOf = (value: unknown): readonly string[] => {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed.filter((each): each is string => typeof each === 'string' && each !== '');
};

/** Of a scope (RFC 6749 §3.3), whose words have blanks between them: names of groups have blanks in them. */
const wordsOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ').filter((each) => each !== '') : textsOf(value);

/** Which members of what was vouched for say what. */
export interface ClaimNames {
  readonly username: string;
  readonly groups: string;
  readonly team: string;
}

/** An identity of claims; refused where they name nobody. `permissions` and `scope` are both permissions. */
export function identityOf(claims: Readonly<Record<string, unknown>>, names: ClaimNames): AuthOutcome {
  const member = (name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  const username = member(names.username);
  if (typeof username !== 'string' || username === '' || username.length > 256)
    return refusedFor(`no \`${names.username}\` that names a user`);
  const team = member(names.team);
  const expires = member('exp');
  return {
    kind: 'identity',
    identity: {
      username,
      permissions: [...wordsOf(member('permissions')), ...wordsOf(member('scope'))],
      groups: textsOf(member(names.groups)),
      team: typeof team === 'string' && team !== '' ? team : null,
      claims,
      expires: typeof expires === 'number' ? expires * 1000 : null,
    },
  };
}
