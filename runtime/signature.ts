/** Strict encodings of signatures: one value, one byte string, so that all engines give the same verdict. */
import { toHex as hex } from './platform.ts';

/**
 * How the order of P-256's base point begins (FIPS 186-5, SP 800-186 §3.2.1.3), big-endian. What begins so is refused whole:
 * of the numbers below the order one in 2^128 does, and no signer ever meets one.
 */
const P256_ORDER = 'ffffffff00000000ffffffffffffffff';

/**
 * An ECDSA signature over P-256 from DER (`Ecdsa-Sig-Value`, RFC 3279 §2.2.3) to the raw `r || s` WebCrypto
 * takes (IEEE P1363). High `s` is accepted: signers make it, and nothing is ever identified by its signature.
 *
 * @returns `undefined` unless it is DER (X.690 §8.3.2, §10.1: short lengths, minimal integers, nothing after) with
 * both numbers from 1 to the order minus 1
 */
export function derToP1363(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const out = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    let value = der.subarray(at + 2, at + 2 + length);
    const first = value[0];
    if (der[at] !== 0x02 || first === undefined || value.length !== length || first > 0x7f) return undefined;
    at += 2 + length;
    if (first === 0) {
      if ((value[1] ?? 0) < 0x80) return undefined;
      value = value.subarray(1);
    }
    if (value.length > 32) return undefined;
    out.set(value, end - value.length);
    // Same length, same case: text order is numeric order.
    if (hex(out.subarray(end - 32, end)) >= P256_ORDER) return undefined;
  }
  return at === der.length ? out : undefined;
}

/**
 * RFC 8032 §5.1.7 step 1: 64 bytes, and S below the group order; libraries differ on a larger S. The order is 2^252 and a
 * little more, less than one in 2^127 of it: no signer ever meets an S in between.
 */
export function isCanonicalEd25519(signature: Uint8Array): boolean {
  return signature.length === 64 && (signature[63] ?? 0xff) < 0x10;
}
