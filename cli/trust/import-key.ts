/** A key as a trust root takes it up: from a public key, or from a certificate, whose name and dates it keeps. */
import {
  certifiedSigner,
  holdsCertificate,
  readPublicKey,
  signerKey,
  trustKey,
  type TrustFileKey,
} from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';
import type { Io } from '../terminal/io.ts';
import { readPem } from './signers.ts';

/** @throws SignError PL6004, PL6005, PL6014, PL6016 */
export async function importKey(path: string, io: Io): Promise<TrustFileKey> {
  const pem = await readPem(path, io);
  const key = trustKey(signerKey(readPublicKey(pem)));
  return holdsCertificate(pem) ? { ...key, ...certifiedSigner(pem, io.now()) } : key;
}

/** Several, all different. @throws UsageError for one key in two files */
export async function importKeys(paths: readonly string[], io: Io): Promise<TrustFileKey[]> {
  const keys: TrustFileKey[] = [];
  for (const path of paths) {
    const key = await importKey(path, io);
    if (keys.some(({ id }) => id === key.id))
      throw new UsageError(
        `\`${path}\` holds a key that is named already`,
        'a key counts once: name it once',
      );
    keys.push(key);
  }
  return keys;
}
