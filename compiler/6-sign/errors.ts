/** Everything that can go wrong while signing: code → [sentence, hint]. Sole source, as in the other phases. */
export const SIGN_ERRORS = {
  PL6001: ['the private key cannot be read', 'give a PKCS#8 key in PEM, as `plan-lint keygen` writes it'],
  PL6002: [
    'the private key is encrypted',
    'name the variable that holds its passphrase with --passphrase-env',
  ],
  PL6003: ['the passphrase does not open the private key', 'check the variable given with --passphrase-env'],
  PL6004: [
    'this kind of key cannot sign bundles',
    'use P-256, Ed25519, or RSA of 2048 to 8192 bits with exponent 65537',
  ],
  PL6005: ['the public key cannot be read', 'give a SubjectPublicKeyInfo or a certificate in PEM'],
  PL6006: [
    'the signature does not verify with the public key',
    'check that command, key and payload belong together',
  ],
  PL6007: [
    'the signing command failed',
    'run it by hand; it gets the bytes to sign on stdin and prints the signature',
  ],
  PL6008: [
    'the bundle is not named in printable ASCII',
    'choose a name of up to 255 printable ASCII characters',
  ],
  PL6009: ['a validity instant is not RFC 3339 in UTC', 'write it like 2027-01-31T00:00:00Z'],
  PL6010: ['the validity is empty', 'let it begin before it ends'],
  PL6011: ['the sequence is not a whole number from 0', 'use a number that grows with each release'],
  PL6012: [
    'the module does not end in a newline or has a signature line already',
    'sign the module as the compiler wrote it',
  ],
  PL6013: ['no key was given to sign with', 'pass --key or --sign-command'],
  PL6014: [
    'the certificate or its container cannot be read',
    'give PEM, or PKCS#12 with the right passphrase',
  ],
  PL6015: [
    'the payload is not the statement of this module',
    'make it with `plan-lint sign --payload-out` from the same file',
  ],
  PL6016: [
    'the certificate is not that of a signer now',
    'take one for code signing that is valid, or the bare public key: openssl x509 -in signer.crt -noout -pubkey',
  ],
} as const satisfies Record<string, readonly [sentence: string, hint: string]>;

export type SignErrorCode = keyof typeof SIGN_ERRORS;

/** Thrown by phase 6. Its message never contains key material. */
export class SignError extends Error {
  override readonly name = 'SignError';
  readonly code: SignErrorCode;
  readonly hint: string;

  constructor(code: SignErrorCode, detail?: string) {
    const [sentence, hint] = SIGN_ERRORS[code];
    super(detail === undefined ? sentence : `${sentence}: ${detail}`);
    this.code = code;
    this.hint = hint;
  }
}
