/**
 * The trust root: whose signatures count, for which bundles, and how many. It is the only place an algorithm or
 * a key is taken from; an artifact can merely say which of these keys it claims to be signed with.
 */
import { KEY_ALGORITHMS, TRUST_FORMAT, type KeyAlgorithm } from './contract.ts';
import { refuseAs } from './errors.ts';
import { parseStrict } from './canonical.ts';
import { fromUtf8 } from './platform.ts';
import { base64, instant, list, name, natural, nullable, object, oneOf, sha256Hex, string } from './shape.ts';

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

/** A parsed trust root: the members of `trust.json` under their own names. All must be there, `null` where nothing is. */
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

const positive: typeof natural = (value, at) => {
  return natural(value === 0 ? undefined : value, at);
};

const readRoot = object({
  format: oneOf([TRUST_FORMAT]),
  version: positive,
  expires: nullable(instant),
  keys: list(
    object({
      id: sha256Hex,
      algorithm: oneOf(KEY_ALGORITHMS),
      spki: base64,
      label: string,
      not_before: nullable(instant),
      expires: nullable(instant),
      revoked: nullable(instant),
    }),
  ),
  root: nullable(object({ keys: list(sha256Hex), threshold: positive })),
  policies: list(
    object({
      name,
      keys: list(sha256Hex),
      threshold: positive,
      audiences: list(name),
      minimum_sequence: natural,
    }),
  ),
});

function checkReferences(root: TrustRoot): TrustRoot {
  const ids = root.keys.map((key) => key.id);
  const refuseIf = (wrong: boolean, what: string): void => {
    if (wrong) throw new SyntaxError(what);
  };
  const all: readonly RootRole[] = [{ keys: ids, threshold: 0 }, ...root.policies];
  for (const { keys, threshold } of all.concat(root.root ?? [])) {
    refuseIf(new Set(keys).size !== keys.length, 'a key is there twice');
    refuseIf(!keys.every((id) => ids.includes(id)), 'a rule lists an unknown key');
    refuseIf(threshold > keys.length, 'a threshold cannot be met');
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
  return refuseAs('trust_malformed', () => {
    if (typeof source !== 'string' && !ArrayBuffer.isView(source)) throw new SyntaxError('not bytes or text');
    const root = checkReferences(
      readRoot(parseStrict(typeof source === 'string' ? source : fromUtf8(source)), ''),
    );
    parsed.add(root);
    return root;
  });
}

// Objects are frozen by their readers, so one that came from here is still what was checked.
const parsed = new WeakSet<object>();

/** The rule that decides about bundles of this name, if there is one. */
export function ruleFor(root: TrustRoot, bundle: string): TrustRule | undefined {
  return root.policies.find((rule) => {
    const parts = rule.name.split('*').map((part) => part.replaceAll(/\W/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(bundle);
  });
}
