/** From flags to signers: shared by `bundle`, `sign` and `trust`. */
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  containers,
  keySigner,
  readPrivateKey,
  readPublicKey,
  SignError,
  signerKey,
  type Signer,
} from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';
import type { Io } from '../terminal/io.ts';
import { commandSigner } from './sign-command.ts';

export interface SignerOptions {
  /** Private keys in PEM; each makes one signature. */
  readonly key?: readonly string[];
  /** Variable with the passphrase of encrypted keys. */
  readonly passphraseEnv?: string;
  /** Shell command that signs stdin; needs `publicKey`. */
  readonly signCommand?: string;
  /** Public key or certificate in PEM of whoever signs elsewhere. */
  readonly publicKey?: string;
}

/** @throws UsageError if the variable is not set: an empty passphrase is never meant */
export function passphraseFrom(io: Io, variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const passphrase = io.env[variable];
  if (!passphrase) {
    throw new UsageError(`the variable \`${variable}\` is not set`, `export ${variable} before running this`);
  }
  return passphrase;
}

export async function readPem(path: string, io: Io): Promise<string> {
  return readFile(resolve(io.cwd, path), 'utf8');
}

/**
 * Reads a private key, encrypted or not. RSA keys under ciphers OpenSSL 3 has retired are opened by node-forge.
 *
 * @throws SignError PL6001 to PL6004
 */
export async function readKey(path: string, passphrase: string | undefined, io: Io): Promise<KeyObject> {
  const pem = await readPem(path, io);
  try {
    return readPrivateKey(pem, passphrase);
  } catch (error) {
    if (error instanceof SignError && error.code === 'PL6001') {
      const isPublic = /-----BEGIN (?:PUBLIC KEY|CERTIFICATE)-----/.test(pem);
      throw new SignError('PL6001', `\`${path}\`${isPublic ? ' holds a public one' : ''}`);
    }
    if (!(error instanceof SignError) || error.code !== 'PL6003' || passphrase === undefined) throw error;
    const { openEncryptedRsa } = await containers();
    const key = openEncryptedRsa(pem, passphrase);
    signerKey(key);
    return key;
  }
}

/** The signers the flags name, in order. @throws UsageError, SignError */
export async function signersFrom(options: SignerOptions, io: Io): Promise<Signer[]> {
  const passphrase = passphraseFrom(io, options.passphraseEnv);
  const signers: Signer[] = [];
  for (const path of options.key ?? []) {
    // A plain key beside an encrypted one is fine; the passphrase is for those that need it.
    signers.push(keySigner(await readKey(path, passphrase, io)));
  }
  if (options.signCommand !== undefined) {
    if (options.publicKey === undefined) {
      throw new UsageError(
        '--sign-command needs --public-key',
        'give the public half of the key the command uses',
      );
    }
    const publicKey = readPublicKey(await readPem(options.publicKey, io));
    signers.push(commandSigner(options.signCommand, publicKey, io.cwd));
  }
  return signers;
}
