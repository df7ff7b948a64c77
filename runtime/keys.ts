/**
 * Reads and judges the public keys of the trust root. Only one DER encoding of each kind of key is accepted, so
 * that two ids can never stand for one key, and keys that prove nothing are refused before they are used.
 */
import type { KeyAlgorithm } from './contract.ts';
import { BundleError } from './errors.ts';
import { importKey, sha256, toHex, verifySignature, type HostAlgorithm, type HostKey } from './platform.ts';
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
  /** Returns the key's material. @throws BundleError `key_malformed`, `key_weak` */
  readonly material: (spki: Uint8Array) => Uint8Array;
  /** The signature as WebCrypto wants it; `undefined` where the encoding is wrong. */
  readonly encode: (signature: Uint8Array, material: Uint8Array) => Uint8Array | undefined;
}

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function after(prefix: string, spki: Uint8Array, length: number): Uint8Array {
  const head = bytes(prefix);
  if (spki.length !== head.length + length || !head.every((byte, i) => spki[i] === byte)) {
    throw new BundleError('key_malformed');
  }
  return spki.subarray(head.length);
}

// Points of order 1, 2, 4 and 8 by their y-coordinate (RFC 8032 §5.1.2, little-endian, sign bit cleared): with
// such a key, signatures exist that verify for any message. Encodings of y >= p (§5.1.3) come in beside them.
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

function ed25519Point(spki: Uint8Array): Uint8Array {
  // RFC 8410 §4
  const y = after('302a300506032b6570032100', spki, 32).slice();
  y[31] = (y[31] ?? 0) & 0x7f;
  const beyond = (y[0] ?? 0) >= 0xed && y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff);
  if (beyond || smallOrder.has(toHex(y))) throw new BundleError('key_weak', 'the point has small order');
  return y;
}

/** RSA modulus out of an SPKI with rsaEncryption (RFC 8017 appendix A.1.1, RFC 3279 §2.3.1). */
function rsaModulus(spki: Uint8Array): Uint8Array {
  let at = 0;
  const enter = (tag: number): number => {
    if (spki[at++] !== tag) throw new BundleError('key_malformed');
    let length = spki[at++] ?? 0;
    // DER (X.690 §10.1): the long form only where the short one does not reach, without leading zeros.
    if (length === 0x81 || length === 0x82) {
      const wide = length === 0x82;
      length = spki[at++] ?? 0;
      if (wide) length = length * 256 + (spki[at++] ?? 0);
      if (length < (wide ? 0x100 : 0x80)) throw new BundleError('key_malformed');
    } else if (length > 0x7f) throw new BundleError('key_malformed');
    if (at + length > spki.length) throw new BundleError('key_malformed');
    return length;
  };
  const whole = (tag: number): void => {
    const length = enter(tag);
    if (at + length !== spki.length) throw new BundleError('key_malformed');
  };
  const unsigned = (): Uint8Array => {
    const length = enter(2);
    const value = spki.subarray(at, (at += length));
    const first = value[0] ?? 0x80;
    if (first > 0x7f || (first === 0 && (value[1] ?? 0) < 0x80)) throw new BundleError('key_malformed');
    return first === 0 ? value.subarray(1) : value;
  };
  whole(0x30);
  for (const byte of bytes('300d06092a864886f70d0101010500')) {
    if (spki[at++] !== byte) throw new BundleError('key_malformed');
  }
  whole(0x03);
  if (spki[at++] !== 0) throw new BundleError('key_malformed');
  whole(0x30);
  const modulus = unsigned();
  const exponent = unsigned();
  if (at !== spki.length) throw new BundleError('key_malformed');
  // FIPS 186-5 §5.4 and appendix A.1.1; the upper bound keeps one verification cheap.
  if (modulus.length < 256 || modulus.length > 1024)
    throw new BundleError('key_weak', 'RSA of under 2048 or over 8192 bits');
  if (toHex(exponent) !== '010001') throw new BundleError('key_weak', 'an RSA exponent other than 65537');
  if (((modulus.at(-1) ?? 0) & 1) === 0) throw new BundleError('key_weak', 'an even RSA modulus');
  return modulus;
}

const schemes: Readonly<Record<KeyAlgorithm, Scheme>> = {
  'ecdsa-p256-sha256': {
    host: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    // RFC 5480 §2: named curve prime256v1, uncompressed point. WebCrypto checks that it is on the curve.
    material: (spki) =>
      after('3059301306072a8648ce3d020106082a8648ce3d03010703420004', spki, 64).subarray(0, 32),
    encode: derToP1363,
  },
  ed25519: {
    host: { name: 'Ed25519' },
    material: ed25519Point,
    encode: (signature) => (isCanonicalEd25519(signature) ? signature : undefined),
  },
  'rsa-pkcs1v15-sha256': {
    host: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    material: rsaModulus,
    // RFC 8017 §8.2.2 step 1
    encode: (signature, modulus) => (signature.length === modulus.length ? signature : undefined),
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
  const material = scheme.material(spki);
  if ((await sha256(spki)) !== entry.id)
    throw new BundleError('key_malformed', 'the id is not the sha256 of the key');
  let key: HostKey;
  try {
    key = await importKey('spki', spki, scheme.host, false, ['verify']);
  } catch {
    throw new BundleError('key_malformed');
  }
  return {
    entry,
    material: `${entry.algorithm} ${toHex(material)}`,
    async verify(signature, message) {
      const encoded = scheme.encode(signature, material);
      if (!encoded) throw new BundleError('signature_malformed');
      return verifySignature(scheme.host, key, encoded, message);
    },
  };
}
