/** `plan-lint keygen`: a signing key, its public half and a trust root that trusts it. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  firstTrust,
  generateKey,
  signerKey,
  trustBytes,
  writePrivateKey,
  writePublicKey,
  type KeyKind,
} from '../../compiler/6-sign/index.ts';
import { reportFailures } from '../terminal/failure.ts';
import { createFiles } from '../files.ts';
import { shown } from '../text/shown.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { trustedNames } from '../trust/names.ts';
import type { NameOptions } from '../trust/names.ts';
import { passphraseFrom } from '../trust/signers.ts';

export interface KeygenOptions extends NameOptions {
  /** Directory for `signer.key`, `signer.pub` and `trust.json`; made if it is not there. */
  readonly out: string;
  /** Default `p256`. */
  readonly alg?: KeyKind;
  /** Environment variable that holds the passphrase; without it the key is not encrypted. */
  readonly passphraseEnv?: string;
  /** Whose key it is; kept in the trust root. */
  readonly label?: string;
  readonly format?: 'text' | 'json';
}

export function keygen(options: KeygenOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const names = trustedNames(options, `plan-lint keygen --out ${options.out}`);
    const passphrase = passphraseFrom(io, options.passphraseEnv);
    const key = generateKey(options.alg ?? 'p256');
    const described = signerKey(key);
    const out = resolve(io.cwd, options.out);
    await mkdir(out, { recursive: true });
    const paths = ['signer.key', 'signer.pub', 'trust.json'].map((name) => resolve(out, name));
    const [privatePath = '', publicPath = '', trustPath = ''] = paths;
    await createFiles([
      { path: privatePath, content: writePrivateKey(key, passphrase), mode: 0o600 },
      { path: publicPath, content: writePublicKey(key) },
      { path: trustPath, content: trustBytes(firstTrust(described, options.label, names)) },
    ]);
    if (options.format === 'json') {
      const files = { private_key: privatePath, public_key: publicPath, trust_root: trustPath };
      const encrypted = passphrase !== undefined;
      io.stdout(
        `${JSON.stringify({ ...files, encrypted, names, id: described.id, algorithm: described.algorithm }, null, 2)}\n`,
      );
      return EXIT.ok;
    }
    io.stdout(
      `private key  ${privatePath}${passphrase === undefined ? '  (not encrypted)' : ''}\n` +
        `public key   ${publicPath}\n` +
        `trust root   ${trustPath}\n` +
        shown`for bundles  ${names.join(', ')}\n` +
        `key id       ${described.id}  (${described.algorithm})\n`,
    );
    return EXIT.ok;
  });
}
