/** Making `trust.json`. What it means is the runtime's to say; here it is only written down. */
import {
  TRUST_FORMATS,
  type DecisionRole,
  type KeyAlgorithm,
  type NamedRole,
  type TrustFormat,
  type Withdrawal,
} from '@plan-lint/runtime/contract';
import type { SignerKey } from './keys.ts';

/** `trust.json` as JSON. */
export interface TrustFile {
  readonly format: TrustFormat;
  readonly version: number;
  readonly expires: string | null;
  readonly keys: readonly TrustFileKey[];
  readonly root: TrustFileRole | null;
  readonly policies: readonly TrustFileRule[];
  readonly decisions: readonly DecisionRole[];
  readonly checkpoints: readonly NamedRole[];
  readonly channels: readonly NamedRole[];
  readonly withdrawn: readonly Withdrawal[];
}

export interface TrustFileRole {
  readonly keys: readonly string[];
  readonly threshold: number;
}

export interface TrustFileKey {
  readonly id: string;
  readonly algorithm: KeyAlgorithm;
  /** DER in base64. */
  readonly spki: string;
  readonly label: string;
  readonly not_before: string | null;
  readonly expires: string | null;
  readonly revoked: string | null;
}

export interface TrustFileRule extends TrustFileRole {
  readonly name: string;
  readonly audiences: readonly string[];
  readonly minimum_sequence: number;
}

/** A parsed trust root: the same members, with keys as bytes. */
type ParsedTrust = Omit<TrustFile, 'keys'> & {
  readonly keys: readonly (Omit<TrustFileKey, 'spki'> & { readonly spki: Uint8Array })[];
};

/** A parsed trust root as its file says it. */
export function trustFileOf(root: ParsedTrust): TrustFile {
  return {
    ...root,
    keys: root.keys.map((key) => ({ ...key, spki: Buffer.from(key.spki).toString('base64') })),
  };
}

/** A key's entry in the trust root, valid without limits. */
export function trustKey(key: SignerKey, label = ''): TrustFileKey {
  return {
    id: key.id,
    algorithm: key.algorithm,
    spki: Buffer.from(key.spki).toString('base64'),
    label,
    not_before: null,
    expires: null,
    revoked: null,
  };
}

/** The roles of a root in which nobody has one. */
export const NO_ROLES = { decisions: [], checkpoints: [], channels: [], withdrawn: [] } as const;

/**
 * A first trust root: one key may sign the bundles of these names, and the next trust root.
 *
 * @param names - patterns of bundle names; with `*` a bundle that was made for another purpose passes as well
 */
export function firstTrust(key: SignerKey, label = '', names: readonly string[] = ['*']): TrustFile {
  const rule = { keys: [key.id], threshold: 1 };
  return {
    format: 'plan-lint-trust/2',
    version: 1,
    expires: null,
    keys: [trustKey(key, label)],
    root: rule,
    policies: names.map((name) => ({ name, ...rule, audiences: [], minimum_sequence: 0 })),
    ...NO_ROLES,
  };
}

/**
 * The bytes of `trust.json`. A root of the first format stays one, for loaders that know no other, until it says what that
 * format cannot.
 */
export function trustBytes(trust: TrustFile): Uint8Array {
  const { decisions, checkpoints, channels, withdrawn, ...format1 } = trust;
  const added = [...decisions, ...checkpoints, ...channels, ...withdrawn];
  const written =
    trust.format === TRUST_FORMATS[0] && added.length === 0
      ? format1
      : { ...trust, format: TRUST_FORMATS[1] };
  return Buffer.from(`${JSON.stringify(written, null, 2)}\n`);
}
