/** Signing: any number of signers over one payload, each signature checked before it leaves. */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import {
  PAYLOAD_TYPE,
  type BundlePredicate,
  type KeyAlgorithm,
  type SignedBundle,
} from '@plan-lint/runtime/contract';
import { preAuthenticationEncoding, sidecar } from './envelope.ts';
import { SignError } from './errors.ts';
import { signerKey, type SignerKey } from './keys.ts';
import { bundleStatement } from './statement.ts';

/** Whoever can sign bytes: a key in memory, or a command that talks to a KMS or HSM. */
export interface Signer {
  readonly key: SignerKey;
  /** Signs the message itself (the hash is part of the algorithm). ECDSA: DER; others raw. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

const hashes: Readonly<Record<KeyAlgorithm, 'sha256' | null>> = {
  'ecdsa-p256-sha256': 'sha256',
  // Ed25519 hashes by itself (RFC 8032 §5.1.6).
  ed25519: null,
  'rsa-pkcs1v15-sha256': 'sha256',
};

/** Signs with a private key in memory. @throws SignError PL6004 */
export function keySigner(privateKey: KeyObject): Signer {
  const key = signerKey(privateKey);
  return { key, sign: (message) => Promise.resolve(sign(hashes[key.algorithm], message, privateKey)) };
}

/** True if `signature` is one of `key` over exactly this message. */
export function verifies(key: SignerKey, message: Uint8Array, signature: Uint8Array): boolean {
  const spki = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
  return verify(hashes[key.algorithm], message, spki, signature);
}

/**
 * A sidecar with one signer's signature over a payload.
 *
 * @throws SignError PL6006 if what the signer returned does not verify
 */
export async function signPayload(
  payload: Uint8Array,
  signer: Signer,
  payloadType: string = PAYLOAD_TYPE,
): Promise<Uint8Array> {
  const message = preAuthenticationEncoding(payload, payloadType);
  return attachSignature(payload, signer.key, await signer.sign(message), payloadType);
}

/**
 * A sidecar from a signature that was made elsewhere over the payload's pre-authentication encoding.
 *
 * @throws SignError PL6006
 */
export function attachSignature(
  payload: Uint8Array,
  key: SignerKey,
  signature: Uint8Array,
  payloadType: string = PAYLOAD_TYPE,
): Uint8Array {
  if (!verifies(key, preAuthenticationEncoding(payload, payloadType), signature))
    throw new SignError('PL6006');
  return sidecar(payload, key.id, signature, payloadType);
}

/** What `signBundle` needs. */
export interface SignInput {
  /** File name of the module, as the statement's subject. */
  readonly moduleName: string;
  readonly module: Uint8Array;
  readonly predicate: BundlePredicate;
  /** Source map that the statement is about, too. */
  readonly sourceMap?: Uint8Array | null;
  /** One sidecar each, in this order. */
  readonly signers: readonly Signer[];
}

/**
 * Signs a module.
 *
 * @throws SignError PL6006 to PL6013
 * @example
 * const { module, sidecars } = await signBundle({ moduleName: 'acme.mjs', module, predicate, signers: [keySigner(key)] });
 */
export async function signBundle(input: SignInput): Promise<SignedBundle> {
  if (input.signers.length === 0) throw new SignError('PL6013');
  const payload = bundleStatement(input.moduleName, input.module, input.predicate, input.sourceMap);
  const sidecars: Uint8Array[] = [];
  // One after the other: signing devices tend to ask a person.
  for (const signer of input.signers) sidecars.push(await signPayload(payload, signer));
  return { module: input.module, sidecars };
}
