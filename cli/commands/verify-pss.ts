/** `plan-lint verify --pss`: the raw RSA-PSS signature of earlier Python deployments. It is about bytes, and about nothing else. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { BundleError } from '@plan-lint/runtime';
import { pssPath, readIfThere } from '../../bundles/files.ts';
import { readPublicKey, sha256Hex, signerKey, verifyPss } from '../../compiler/6-sign/index.ts';
import { UsageError } from '../../bundles/failure.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { shown } from '../text/shown.ts';
import { readPem } from '../trust/signers.ts';

export interface PssOptions {
  readonly file: string;
  /** PEM of the RSA key. */
  readonly publicKey?: string;
  /** The signature; default: `FILE.sig`. One. */
  readonly signature?: readonly string[];
  readonly format?: 'text' | 'json';
}

/** What can be asked of such a signature; everything else is the trust root's to say. */
const ASKED: ReadonlySet<string> = new Set([
  'file',
  'pss',
  'publicKey',
  'signature',
  'format',
  'json',
  'now',
]);

/** @throws BundleError `signature_missing`, `signature_invalid` */
export async function verifyRawSignature(options: PssOptions, io: Io): Promise<number> {
  const { file, publicKey, signature = [] } = options;
  if (publicKey === undefined || signature.length > 1) {
    throw new UsageError(
      '--pss wants one --public-key and one signature',
      `plan-lint verify ${file} --pss --public-key signer.pub`,
    );
  }
  const [unasked] = Object.keys(options).filter((name) => !ASKED.has(name));
  if (unasked !== undefined) {
    throw new UsageError(
      'a .sig says nothing of name, sequence, environment or sources',
      `leave out --${unasked.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}, or verify with --trust and without --pss`,
    );
  }
  const path = resolve(io.cwd, signature[0] ?? pssPath(file));
  const raw = await readIfThere(path);
  if (!raw) throw new BundleError('signature_missing', `no ${basename(path)}`);
  const content = await readFile(resolve(io.cwd, file));
  const key = readPublicKey(await readPem(publicKey, io));
  if (!verifyPss(content, raw, key)) throw new BundleError('signature_invalid', basename(path));
  const { id } = signerKey(key);
  const digest = sha256Hex(content);
  io.stdout(
    options.format === 'json'
      ? `${JSON.stringify({ verified: true, digest, signer: id, bundle: null }, null, 2)}\n`
      : shown`verified     ${file}, by ${basename(path)}\ndigest       sha256:${digest}\nsigned by    key ${id}\n` +
          'not said     name, sequence, environment, validity: --trust verifies those\n',
  );
  return EXIT.ok;
}
