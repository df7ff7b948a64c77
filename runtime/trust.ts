/**
 * The trust root: whose signatures count, for which bundles, and how many. It is the only place an algorithm or
 * a key is taken from; an artifact can merely say which of these keys it claims to be signed with.
 */
import {
  KEY_ALGORITHMS,
  TRUST_FORMATS,
  type DecisionRole,
  type KeyAlgorithm,
  type NamedRole,
  type RootRole,
  type TrustFormat,
  type Withdrawal,
} from './contract.ts';
import { refuseAs } from './errors.ts';
import { parseStrict } from './canonical.ts';
import { freeze, fromUtf8 } from './platform.ts';
import {
  base64,
  instant,
  list,
  name,
  natural,
  nullable,
  object,
  oneOf,
  sha256Hex,
  string,
  type Reader,
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

/**
 * A parsed trust root: the members of `trust.json` under their own names. All of its format must be there, `null` or empty
 * where nothing is; what `plan-lint-trust/2` has added to `plan-lint-trust/1` reads as empty.
 */
export interface TrustRoot {
  readonly format: TrustFormat;
  /** Grows by one with each change. */
  readonly version: number;
  /** After this instant nothing loads by this root (freeze protection); `null`: no limit. */
  readonly expires: string | null;
  readonly keys: readonly TrustedKey[];
  readonly root: RootRole | null;
  readonly policies: readonly TrustRule[];
  readonly decisions: readonly DecisionRole[];
  readonly checkpoints: readonly NamedRole[];
  readonly channels: readonly NamedRole[];
  readonly withdrawn: readonly Withdrawal[];
}

type Roles = Pick<TrustRoot, 'root' | 'policies' | 'channels' | 'decisions' | 'checkpoints'>;

const positive: typeof natural = (value, at) => {
  return natural(value === 0 ? undefined : value, at);
};

const role = { keys: list(sha256Hex), threshold: positive };
const format1 = {
  format: oneOf(TRUST_FORMATS),
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
  root: nullable(object(role)),
  policies: list(object({ name, ...role, audiences: list(name), minimum_sequence: natural })),
};
const named = list(object({ name, ...role }));
const format2 = object({
  ...format1,
  decisions: list(object({ ...role, audiences: list(name), bundles: list(name), max_life: positive })),
  checkpoints: named,
  channels: named,
  withdrawn: list(object({ sha256: sha256Hex, since: instant, reason: string })),
});
const unsaid = { decisions: [], checkpoints: [], channels: [], withdrawn: [] };

const readRoot: Reader<TrustRoot> = (value, at) =>
  (value as TrustRoot).format === TRUST_FORMATS[0]
    ? freeze({ ...object(format1)(value, at), ...unsaid })
    : format2(value, at);

/** All roles of a trust root. A running service holds the keys of those that are online. */
export function rolesOf({ root, policies, channels, decisions, checkpoints }: Roles): {
  readonly offline: readonly RootRole[];
  readonly online: readonly RootRole[];
} {
  return {
    offline: [...policies, ...channels, ...(root ? [root] : [])],
    online: [...decisions, ...checkpoints],
  };
}

/**
 * A key that stands in roles of both kinds, if there is one: whoever takes over the service could sign the policies that it
 * obeys, or the next trust root.
 */
export const keyOfBoth = (offline: readonly RootRole[], online: readonly RootRole[]): string | undefined =>
  online.flatMap(({ keys }) => keys).find((id) => offline.some(({ keys }) => keys.includes(id)));

function checkReferences(root: TrustRoot): TrustRoot {
  const { offline, online } = rolesOf(root);
  const ids = root.keys.map((key) => key.id);
  const isSound = [{ keys: ids, threshold: 0 }, ...offline, ...online].every(
    ({ keys, threshold }) =>
      threshold <= keys.length && keys.every((id, i) => ids.includes(id) && keys.indexOf(id) === i),
  );
  if (!isSound) throw new SyntaxError('keys of a role');
  const shared = keyOfBoth(offline, online);
  if (shared) throw new SyntaxError(`one key for decisions and policies: ${shared}`);
  return root;
}

/**
 * Reads a trust root from the text or bytes of `trust.json`. Unknown and duplicate names, lax base64, dangling key ids and
 * one key for decisions and policies are refused. An object that was parsed before is returned as it is.
 *
 * @throws BundleError `trust_malformed`
 */
export function parseTrustRoot(source: TrustRoot | Uint8Array | string): TrustRoot {
  if (typeof source === 'object' && isParsed(source)) return source as TrustRoot;
  return refuseAs('trust_malformed', () => {
    const root = checkReferences(
      readRoot(parseStrict(typeof source === 'string' ? source : fromUtf8(source as Uint8Array)), ''),
    );
    markParsed(root);
    return root;
  });
}

// Objects are frozen by their readers, so one that came from here is still what was checked.
// Bound here, so that nobody can replace what tells them.
const parsed = new WeakSet<object>();
const isParsed = parsed.has.bind(parsed);
const markParsed = parsed.add.bind(parsed);

/** The rule that decides about bundles of this name, if there is one: the first whose pattern matches it. */
export function ruleFor<Rule extends { readonly name: string }>(
  root: { readonly policies: readonly Rule[] },
  bundle: string,
): Rule | undefined {
  return root.policies.find((rule) => {
    const parts = rule.name.split('*').map((part) => part.replaceAll(/\W/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(bundle);
  });
}
