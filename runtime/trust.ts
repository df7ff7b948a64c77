/**
 * The trust root: whose signatures count, for which bundles, and how many. It is the only place an algorithm or
 * a key is taken from; an artifact can merely say which of these keys it claims to be signed with.
 */
import { KEY_ALGORITHMS, TRUST_FORMAT, type KeyAlgorithm } from './contract.ts';
import { BundleError } from './errors.ts';
import { parseJson } from './json.ts';
import { fromUtf8 } from './platform.ts';
import {
  base64,
  instant,
  list,
  natural,
  nullable,
  object,
  oneOf,
  optional,
  sha256Hex,
  string,
  text,
} from './shape.ts';

/** A signer's public key. */
export interface TrustedKey {
  /** sha256 of the SPKI bytes in lower-case hex; checked when the key is used. */
  readonly id: string;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7). */
  readonly spki: Uint8Array;
  /** Who holds it, for people. */
  readonly label: string;
  /** RFC 3339 in UTC; valid from `not_before` (inclusive) to `expires` (exclusive). `null`: no limit. */
  readonly not_before: string | null;
  readonly expires: string | null;
  /**
   * When it was revoked, for the record. A revoked key counts for nothing whatever the clock says: without a
   * trusted time stamp nobody can tell whether a signature was made before that instant.
   */
  readonly revoked: string | null;
}

/** Who may sign bundles of which name. The first rule whose pattern matches the bundle's name decides. */
export interface TrustRule {
  /** Bundle name, `*` stands for any characters. */
  readonly name: string;
  /** Ids of the keys that may sign. */
  readonly keys: readonly string[];
  /** How many distinct keys must have signed; at least 1. */
  readonly threshold: number;
  /** Environments that may load by this rule; empty: any. */
  readonly audiences: readonly string[];
  /** Bundles with a lower sequence are refused. */
  readonly minimum_sequence: number;
}

/** Who may sign the next trust root. */
export interface RootRole {
  readonly keys: readonly string[];
  readonly threshold: number;
}

/** A parsed trust root; all members of `trust.json` under their own names, optional ones filled in. */
export interface TrustRoot {
  readonly format: typeof TRUST_FORMAT;
  /** Grows by one with each change. */
  readonly version: number;
  /** After this instant nothing loads by this root (freeze protection); `null`: no limit. */
  readonly expires: string | null;
  readonly keys: readonly TrustedKey[];
  readonly root: RootRole | null;
  readonly policies: readonly TrustRule[];
}

const name = text(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, 'up to 255 printable ASCII characters');
const positive: typeof natural = (value, at) => {
  if (value === 0) throw new SyntaxError(`${at} must be at least 1`);
  return natural(value, at);
};

const readRoot = object({
  format: oneOf([TRUST_FORMAT]),
  version: positive,
  expires: optional(nullable(instant), null),
  keys: list(
    object({
      id: sha256Hex,
      algorithm: oneOf(KEY_ALGORITHMS),
      spki: base64,
      label: optional(string, ''),
      not_before: optional(nullable(instant), null),
      expires: optional(nullable(instant), null),
      revoked: optional(nullable(instant), null),
    }),
  ),
  root: optional(nullable(object({ keys: list(sha256Hex), threshold: positive })), null),
  policies: list(
    object({
      name,
      keys: list(sha256Hex),
      threshold: optional(positive, 1),
      audiences: optional(list(name), []),
      minimum_sequence: optional(natural, 0),
    }),
  ),
});

function checkReferences(root: TrustRoot): TrustRoot {
  const ids = new Set(root.keys.map((key) => key.id));
  if (ids.size !== root.keys.length) throw new SyntaxError('a key id is there twice');
  for (const role of [...root.policies, ...(root.root ? [root.root] : [])]) {
    const distinct = new Set(role.keys);
    if (distinct.size !== role.keys.length) throw new SyntaxError('a rule lists a key twice');
    if (role.keys.some((id) => !ids.has(id))) throw new SyntaxError('a rule lists a key that is not in keys');
    if (role.threshold > role.keys.length)
      throw new SyntaxError('a threshold is above the number of its keys');
  }
  return root;
}

/**
 * Reads a trust root from the text or bytes of `trust.json`. Unknown and duplicate names, lax base64 and dangling
 * key ids are refused. An object that was parsed before is returned as it is.
 *
 * @throws BundleError `trust_malformed`
 */
export function parseTrustRoot(source: TrustRoot | Uint8Array | string): TrustRoot {
  if (typeof source === 'object' && parsed.has(source)) return source as TrustRoot;
  try {
    if (typeof source === 'object' && !ArrayBuffer.isView(source))
      throw new SyntaxError('it was not made by parseTrustRoot');
    const json = typeof source === 'string' ? source : fromUtf8(new Uint8Array(source));
    if (json.length > 0x100000) throw new SyntaxError('it is larger than 1 MiB');
    const root = checkReferences(readRoot(parseJson(json), ''));
    parsed.add(root);
    return root;
  } catch (error) {
    throw new BundleError('trust_malformed', error instanceof Error ? error.message : undefined);
  }
}

// Objects are frozen by their readers, so one that came from here is still what was checked.
const parsed = new WeakSet<object>();

/** The rule that decides about bundles of this name, if there is one. */
export function ruleFor(root: TrustRoot, bundle: string): TrustRule | undefined {
  return root.policies.find((rule) => {
    const [head = '', ...rest] = rule.name.split('*');
    const tail = rest.pop();
    if (tail === undefined) return bundle === rule.name;
    if (!bundle.startsWith(head)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = bundle.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return bundle.length - tail.length >= at && bundle.endsWith(tail);
  });
}
