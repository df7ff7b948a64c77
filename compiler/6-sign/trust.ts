/** Making `trust.json`. What it means is the runtime's to say; here it is only written down. */
import { TRUST_FORMAT, type KeyAlgorithm } from '@plan-lint/runtime/contract';
import type { SignerKey } from './keys.ts';

/** `trust.json` as JSON. */
export interface TrustFile {
  readonly format: typeof TRUST_FORMAT;
  readonly version: number;
  readonly expires: string | null;
  readonly keys: readonly TrustFileKey[];
  readonly root: { readonly keys: readonly string[]; readonly threshold: number } | null;
  readonly policies: readonly TrustFileRule[];
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

export interface TrustFileRule {
  readonly name: string;
  readonly keys: readonly string[];
  readonly threshold: number;
  readonly audiences: readonly string[];
  readonly minimum_sequence: number;
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

/** A first trust root: one key may sign every bundle and the next trust root. */
export function firstTrust(key: SignerKey, label = ''): TrustFile {
  const rule = { keys: [key.id], threshold: 1 };
  return {
    format: TRUST_FORMAT,
    version: 1,
    expires: null,
    keys: [trustKey(key, label)],
    root: rule,
    policies: [{ name: '*', ...rule, audiences: [], minimum_sequence: 0 }],
  };
}

/** The bytes of `trust.json`. */
export function trustBytes(trust: TrustFile): Uint8Array {
  return Buffer.from(`${JSON.stringify(trust, null, 2)}\n`);
}
