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
  /** What it signs: `policy` (default) bundles, `decision` receipts. */
  readonly role?: 'policy' | 'decision';
  /** Default `p256`. */
  readonly alg?: KeyKind;
  /** Environment variable that holds the passphrase; without it the key is not encrypted. */
  readonly passphraseEnv?: string;
  /** Whose key it is; kept in the trust root. */
  readonly label?: string;
  readonly format?: 'text' | 'json';
}

interface KeyFiles {
  readonly private_key: string;
  readonly public_key: string;
  /** Of a policy key alone: a decision key is added to a root that is there. */
  readonly trust_root?: string;
}

const namesOf = (options: KeygenOptions): readonly string[] =>
  options.role === 'decision' ? [] : trustedNames(options, `plan-lint keygen --out ${options.out}`);

/** The files of a new key. */
function keyFiles(options: KeygenOptions, io: Io): KeyFiles {
  const at = (name: string): string => resolve(io.cwd, options.out, name);
  return options.role === 'decision'
    ? { private_key: at('decision.key'), public_key: at('decision.pub') }
    : { private_key: at('signer.key'), public_key: at('signer.pub'), trust_root: at('trust.json') };
}

export function keygen(options: KeygenOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const names = namesOf(options);
    const passphrase = passphraseFrom(io, options.passphraseEnv);
    const key = generateKey(options.alg ?? 'p256');
    const described = signerKey(key);
    await mkdir(resolve(io.cwd, options.out), { recursive: true });
    const files = keyFiles(options, io);
    const { private_key: privatePath, public_key: publicPath, trust_root: trustPath } = files;
    const root = trustBytes(firstTrust(described, options.label, names));
    await createFiles([
      { path: privatePath, content: writePrivateKey(key, passphrase), mode: 0o600 },
      { path: publicPath, content: writePublicKey(key) },
      ...(trustPath === undefined ? [] : [{ path: trustPath, content: root }]),
    ]);
    if (options.format === 'json') {
      const encrypted = passphrase !== undefined;
      io.stdout(
        `${JSON.stringify({ ...files, encrypted, names, id: described.id, algorithm: described.algorithm }, null, 2)}\n`,
      );
      return EXIT.ok;
    }
    io.stdout(
      `private key  ${privatePath}${passphrase === undefined ? '  (not encrypted)' : ''}\n` +
        `public key   ${publicPath}\n` +
        (trustPath === undefined
          ? `next         plan-lint trust add --decisions --add ${publicPath} …\n`
          : `trust root   ${trustPath}\n` + shown`for bundles  ${names.join(', ')}\n`) +
        `key id       ${described.id}  (${described.algorithm})\n`,
    );
    return EXIT.ok;
  });
}
