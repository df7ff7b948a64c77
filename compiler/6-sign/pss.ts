/**
 * The raw `.sig` file of plan-lint's earlier Python deployments: RSA-PSS over the module's bytes alone. Kept so that
 * those scripts can make and check it; loading never relies on it, for it says nothing about name, sequence or
 * audience.
 */
import { constants, sign, verify, type KeyObject } from 'node:crypto';
import { SignError } from './errors.ts';

// RFC 8017 §8.1 with MGF1 and SHA-256; `MAX` is the longest salt the modulus has room for, which is what
// cryptography's `padding.PSS.MAX_LENGTH` means, both when signing and when verifying.
const parameters = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN,
};

function requireRsa(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'rsa') throw new SignError('PL6004', 'RSA-PSS needs an RSA key');
}

/** The content of `FILE.sig`. @throws SignError PL6004 */
export function signPss(module: Uint8Array, privateKey: KeyObject): Uint8Array {
  requireRsa(privateKey);
  return sign('sha256', module, { key: privateKey, ...parameters });
}

/** True if `FILE.sig` is a signature of these very bytes. @throws SignError PL6004 */
export function verifyPss(module: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  requireRsa(publicKey);
  return verify('sha256', module, { key: publicKey, ...parameters }, signature);
}
