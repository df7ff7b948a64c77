/**
 * Reads and judges the public keys of the trust root. Only one DER encoding of each kind of key is accepted, so
 * that two ids can never stand for one key, and keys that prove nothing are refused before they are used.
 */
import type { KeyAlgorithm } from './contract.ts';
import { BundleError } from './errors.ts';
import {
  exportKey,
  importKey,
  sameBytes,
  sha256,
  toHex,
  verifySignature,
  type HostAlgorithm,
  type HostKey,
} from './platform.ts';
import { derToP1363, isCanonicalEd25519 } from './signature.ts';
import type { TrustedKey } from './trust.ts';

/** A trusted key ready for use. */
export interface PublicKey {
  readonly entry: TrustedKey;
  /**
   * What is counted when keys are counted: x-coordinate, y-coordinate or modulus. A key and its negation, or one
   * modulus with two exponents, are in one hand and count once.
   */
  readonly material: string;
  /**
   * @throws BundleError `signature_malformed` for an encoding the algorithm does not have
   */
  verify(signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}

interface Scheme {
  readonly host: HostAlgorithm;
  /** How every key begins, in hex, where engines import more than that and write it back as it was. */
  readonly head?: string;
  /** Takes the material out of a key in canonical DER. @throws BundleError `key_weak` */
  readonly material: (spki: Uint8Array, key: HostKey) => Uint8Array;
  /** The signature as WebCrypto wants it; `undefined` where the encoding is wrong. */
  readonly encode: (signature: Uint8Array, key: HostKey) => Uint8Array | undefined;
}

// Points of order 1 and 4 (y is 1 and 0) and of order 8, by their y-coordinate (RFC 8032 §5.1.2, little-endian, sign bit
// cleared): with such a key, signatures exist that verify for any message. How those of order 8 begin is enough, for one
// key in 2^63 does so by chance. From p - 1 (order 2) up: RFC 8032 §5.1.3 has no point with y >= p, but some libraries do.
const weakPoint = /^(?:0[01](?:00){31}|26e8958fc2b227b0.*|c7176a703d4dd84f.*|(?:e[c-f]|f.)(?:ff){30}7f)$/;

const schemes: Readonly<Record<KeyAlgorithm, Scheme>> = {
  'ecdsa-p256-sha256': {
    host: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    // RFC 5480 §2.2: the point ends the key. Some engines keep the compressed and hybrid forms when they write a key
    // again, and each would make another id for it.
    material(spki) {
      if (spki[26] !== 4) throw new BundleError('key_malformed');
      return spki.subarray(-64, -32);
    },
    encode: derToP1363,
  },
  ed25519: {
    host: { name: 'Ed25519' },
    // RFC 8410 §4: the encoded point ends the key.
    head: '302a300506032b6570032100',
    material(spki) {
      const y = spki.slice(-32);
      y[31] = (y[31] ?? 0) & 0x7f;
      if (weakPoint.test(toHex(y))) throw new BundleError('key_weak');
      return y;
    },
    encode: (signature) => (isCanonicalEd25519(signature) ? signature : undefined),
  },
  'rsa-pkcs1v15-sha256': {
    host: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    // FIPS 186-5 §5.1, §5.4; the upper bound keeps one verification cheap. With the exponent fixed, the canonical
    // key stands for its modulus.
    material(spki, { algorithm: { modulusLength: bits = 0, publicExponent } }) {
      if (bits < 2048 || bits > 8192 || toHex(publicExponent ?? spki) !== '010001')
        throw new BundleError('key_weak');
      return spki;
    },
    // RFC 8017 §8.2.2 step 1
    encode: (signature, { algorithm: { modulusLength = 0 } }) =>
      signature.length === Math.ceil(modulusLength / 8) ? signature : undefined,
  },
};

/**
 * Makes a trusted key usable. The id is held against the bytes here, so that nothing else has to trust it.
 *
 * @throws BundleError `key_malformed` where the bytes are not the one DER encoding of a key of this algorithm or
 * the id is not theirs; `key_weak` for RSA below 2048 bits or with another exponent than 65537 and for Ed25519
 * points of small order or in non-canonical form
 */
export async function openKey(entry: TrustedKey): Promise<PublicKey> {
  const scheme = schemes[entry.algorithm];
  const spki = new Uint8Array(entry.spki);
  let key: HostKey | undefined;
  let canonical: Uint8Array | undefined;
  try {
    if (toHex(spki).startsWith(scheme.head ?? ''))
      key = await importKey('spki', spki, scheme.host, true, ['verify']);
    canonical = key && new Uint8Array(await exportKey('spki', key));
  } catch {
    // Not a key of this algorithm; the next check says so.
  }
  // A key has one DER encoding (X.690 §10), so two ids never stand for one key.
  if (!key || !canonical || !sameBytes(canonical, spki) || (await sha256(spki)) !== entry.id) {
    throw new BundleError('key_malformed', entry.id);
  }
  const opened = key;
  return {
    entry,
    material: entry.algorithm + toHex(scheme.material(spki, opened)),
    async verify(signature, message) {
      const encoded = scheme.encode(signature, opened);
      if (!encoded) throw new BundleError('signature_malformed');
      return verifySignature(scheme.host, opened, encoded, message);
    },
  };
}
