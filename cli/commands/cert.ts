/** `plan-lint cert`: certificate requests, a root, signer certificates, and keys out of PKCS#12. */
import type { KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  SignError,
  certificates,
  containers,
  signerKey,
  writePrivateKey,
  writePublicKey,
} from '../../compiler/6-sign/index.ts';
import type { Subject } from '../../compiler/6-sign/index.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { DAY } from '../../bundles/instant.ts';
import { createFiles, type NewFile } from '../files.ts';
import { EXIT, type Io } from '../terminal/io.ts';
import { writtenFiles } from '../text/written.ts';
import type { PrintFormat } from '../text/written.ts';
import { passphraseFrom, readKey, readPem } from '../trust/signers.ts';

interface Common {
  /** File to write; never overwritten. */
  readonly out: string;
  /** Variable with the passphrase of the key or container that is read. */
  readonly passphraseEnv?: string;
  readonly format?: PrintFormat;
}

interface Validity {
  /** Days from now; default 365 for a signer, 3650 for a root. */
  readonly days?: number;
  /** Milliseconds since the epoch; default: the clock. */
  readonly now?: number;
}

export type CertOptions =
  | (Common & { readonly action: 'csr'; readonly key: string; readonly subject: string })
  | (Common & Validity & { readonly action: 'root'; readonly key: string; readonly subject: string })
  | (Common &
      Validity & {
        readonly action: 'signer';
        /** Request of the signer. */
        readonly csr: string;
        readonly ca: string;
        readonly caKey: string;
      })
  /** `out` is a directory here: `signer.key`, `signer.pub`, and `signer.crt` with the certificates there were. */
  | (Common & { readonly action: 'import'; readonly p12: string });

function period({ days, now = Date.now() }: Validity, usual: number): [from: Date, until: Date] {
  const length = days ?? usual;
  if (!Number.isInteger(length) || length < 1) {
    throw new UsageError(`\`${length}\` is not a number of days`, 'use a whole number from 1');
  }
  // Whole seconds: X.509 has no smaller unit.
  const start = Math.floor(now / 1000) * 1000;
  return [new Date(start), new Date(start + length * DAY)];
}

/** A subject as it was written on the command line. @throws UsageError */
async function subjectOf(text: string): Promise<Subject> {
  const { parseSubject } = await certificates();
  try {
    return parseSubject(text);
  } catch (error) {
    if (!(error instanceof SignError)) throw error;
    throw new UsageError(
      `\`${text}\` is no subject of a certificate`,
      'write CN=Release, O=Acme; there are CN, O, OU, L, ST and C (two capitals)',
    );
  }
}

async function certFiles(options: CertOptions, io: Io): Promise<NewFile[]> {
  const passphrase = passphraseFrom(io, options.passphraseEnv);
  const out = resolve(io.cwd, options.out);
  const privateKey = (path: string): Promise<KeyObject> => readKey(path, passphrase, io);
  switch (options.action) {
    case 'csr': {
      const { certificateRequest } = await certificates();
      const request = certificateRequest(await subjectOf(options.subject), await privateKey(options.key));
      return [{ path: out, content: request }];
    }
    case 'root': {
      const { rootCertificate } = await certificates();
      const [from, until] = period(options, 3650);
      const subject = await subjectOf(options.subject);
      return [{ path: out, content: rootCertificate(subject, await privateKey(options.key), from, until) }];
    }
    case 'signer': {
      const { signerCertificate } = await certificates();
      const [from, until] = period(options, 365);
      const [csr, ca] = [await readPem(options.csr, io), await readPem(options.ca, io)];
      return [
        { path: out, content: signerCertificate(csr, ca, await privateKey(options.caKey), from, until) },
      ];
    }
    case 'import': {
      const { readPkcs12 } = await containers();
      const store = readPkcs12(await readFile(resolve(io.cwd, options.p12)), passphrase ?? '');
      // Refuses keys no loader accepts, before anything is written.
      signerKey(store.privateKey);
      await mkdir(out, { recursive: true });
      const files: NewFile[] = [
        {
          path: resolve(out, 'signer.key'),
          content: writePrivateKey(store.privateKey, passphrase),
          mode: 0o600,
        },
        { path: resolve(out, 'signer.pub'), content: writePublicKey(store.privateKey) },
      ];
      if (store.certificates.length === 0) return files;
      return [...files, { path: resolve(out, 'signer.crt'), content: store.certificates.join('') }];
    }
  }
}

export function cert(options: CertOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const files = await certFiles(options, io);
    await createFiles(files);
    const paths = files.map(({ path }) => path);
    io.stdout(writtenFiles('written', paths, options.format));
    return EXIT.ok;
  });
}
