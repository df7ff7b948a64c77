/** Private and public keys at build time: making, writing and reading them with node:crypto. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm } from '@plan-lint/runtime/contract';
import { sha256Hex } from './digest.ts';
import { SignError } from './errors.ts';

/** What `keygen --alg` offers; P-256 is the default everywhere. */
export const KEY_KINDS = ['p256', 'ed25519', 'rsa'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** A public key as the trust root names it. */
export interface SignerKey {
  /** sha256 of the SPKI, lower-case hex. */
  readonly id: string;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

const generators: Readonly<Record<KeyKind, () => KeyObject>> = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 0x10001 }).privateKey,
};

export function generateKey(kind: KeyKind): KeyObject {
  return generators[kind]();
}

/** PKCS#8 in PEM; with a passphrase encrypted with AES-256-CBC under PBES2 (RFC 8018). */
export function writePrivateKey(key: KeyObject, passphrase?: string): string {
  return passphrase === undefined
    ? key.export({ type: 'pkcs8', format: 'pem' }).toString()
    : key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
}

/** SubjectPublicKeyInfo in PEM, from either half of the pair. */
export function writePublicKey(key: KeyObject): string {
  return publicHalf(key).export({ type: 'spki', format: 'pem' }).toString();
}

/**
 * The public half, in the one encoding that loaders take: of a point the uncompressed form, of a curve its name (RFC 5480
 * §2.1.1, §2.2). Keys that come compressed, hybrid or with the curve spelled out are the same keys.
 */
function publicHalf(key: KeyObject): KeyObject {
  const half = key.type === 'public' ? key : createPublicKey(key);
  if (half.asymmetricKeyType !== 'ec') return half;
  const der = half.export({ type: 'spki', format: 'der' });
  if (der.subarray(0, P256_UNCOMPRESSED.length).equals(P256_UNCOMPRESSED)) return half;
  // Of a key read anew: Node 20 holds a key's lock while it makes the texts of a JWK, and if the collector meets the job that
  // generated that key just then, the process waits for itself for good.
  const fresh = createPublicKey({ key: der, type: 'spki', format: 'der' });
  return createPublicKey({ key: fresh.export({ format: 'jwk' }), format: 'jwk' });
}

/** How SubjectPublicKeyInfo of a P-256 key begins, up to the octet that says that its point is uncompressed. */
const P256_UNCOMPRESSED = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');

/**
 * Reads a private key in PEM.
 *
 * @throws SignError PL6001, PL6002 (encrypted, no passphrase), PL6003 (wrong passphrase), PL6004 (P-384, small RSA, …)
 */
export function readPrivateKey(pem: string, passphrase?: string): KeyObject {
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem);
  if (encrypted && passphrase === undefined) throw new SignError('PL6002');
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(encrypted ? { passphrase } : {}) });
  } catch {
    // OpenSSL's own text says nothing a reader can use, and might quote the input.
    throw new SignError(encrypted ? 'PL6003' : 'PL6001');
  }
  signerKey(key);
  return key;
}

/** Reads a public key (SubjectPublicKeyInfo) or a certificate in PEM. @throws SignError PL6004, PL6005 */
export function readPublicKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    if (pem.includes('PRIVATE KEY-----')) throw new SyntaxError('a private key');
    key = createPublicKey(pem);
  } catch {
    throw new SignError('PL6005');
  }
  signerKey(key);
  return key;
}

/** The bounds of the loader; see `runtime/keys.ts`. */
const isSoundRsa = (bits: number, exponent: bigint | undefined): boolean =>
  bits >= 2048 && bits <= 8192 && exponent === 0x10001n;

function algorithmOf(key: KeyObject): KeyAlgorithm | undefined {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case 'ec':
      return details?.namedCurve === 'prime256v1' ? 'ecdsa-p256-sha256' : undefined;
    case 'ed25519':
      return 'ed25519';
    case 'rsa':
      return isSoundRsa(details?.modulusLength ?? 0, details?.publicExponent)
        ? 'rsa-pkcs1v15-sha256'
        : undefined;
    default:
      return undefined;
  }
}

/** Describes a key, from either half of the pair. @throws SignError PL6004 for a kind the loader refuses */
export function signerKey(key: KeyObject): SignerKey {
  const algorithm = algorithmOf(key);
  if (!algorithm) throw new SignError('PL6004');
  const spki = publicHalf(key).export({ type: 'spki', format: 'der' });
  return { id: sha256Hex(spki), algorithm, spki };
}
