/** Tokens in a file, by their digest: for development, and for what starts before there is an IAM. */
import { hash } from 'node:crypto';
import { JsonError, parseJson } from '@plan-lint/runtime/json';
import { ServiceError } from '../failure.ts';
import { identityOf, refusedFor } from './identity.ts';
import type { AuthMode, AuthOutcome, Credential } from './identity.ts';

export type StaticTokens = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export const tokenDigest = (token: string): string => hash('sha256', token, 'hex');

/**
 * Reads `[{"sha256": "…", "username": "ada", "permissions": ["validate_plan"]}]`.
 *
 * @throws ServiceError
 */
export function parseTokens(text: string, file: string): StaticTokens {
  const refuse = (why: string): never => {
    throw new ServiceError(
      `\`${file}\` holds no tokens: ${why}`,
      'write [{"sha256": "<hex of the token>", "username": "ada", "permissions": ["validate_plan"]}]',
    );
  };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refuse(error.message);
  }
  if (!Array.isArray(value)) return refuse('it is no list');
  const tokens = (value as readonly unknown[]).map((each, i) => {
    if (typeof each !== 'object' || each === null) return refuse(`[${i}] is no object`);
    const { sha256, ...claims } = each as Readonly<Record<string, unknown>>;
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
      return refuse(`[${i}].sha256 is no sha256 in lower-case hex`);
    return [sha256, claims] as const;
  });
  return new Map(tokens);
}

/** @param tokens - as they are now */
export function staticTokens(tokens: () => StaticTokens, team: string, now: () => number): AuthMode {
  /** Recognised just now, and about to be verified: a digest is made once a request. */
  const digests = new WeakMap<Credential, string>();
  /** By what the file has of a token: another content of the file has others. */
  const outcomes = new WeakMap<object, AuthOutcome>();
  return {
    name: 'static',
    isCached: false,
    recognises: (credential) => {
      if (credential.token === null) return false;
      const digest = tokenDigest(credential.token);
      digests.set(credential, digest);
      return tokens().has(digest);
    },
    verify: (credential) => {
      const claims = tokens().get(digests.get(credential) ?? tokenDigest(credential.token ?? ''));
      if (!claims) return Promise.resolve(refusedFor('no such token'));
      const outcome =
        outcomes.get(claims) ?? identityOf(claims, { username: 'username', groups: 'groups', team });
      outcomes.set(claims, outcome);
      const isOver = outcome.kind === 'identity' && (outcome.identity.expires ?? Infinity) <= now();
      return Promise.resolve(isOver ? refusedFor('the token has expired') : outcome);
    },
  };
}
