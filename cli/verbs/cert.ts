/** `plan-lint cert`: certificates. Its flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { CertOptions } from '../commands/cert.ts';
import { count, example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addCert({ io, verb, done }: Registrar): void {
  const parent = verb('cert', 'certificates for signers, and keys out of PKCS#12');
  const act = (options: CertOptions): Promise<void> =>
    import('../commands/cert.ts').then(async ({ cert }) => done(await cert(options, io)));
  const action = (name: string, summary: string): Command =>
    verb(name, summary, parent).addOption(format()).addOption(json());
  const passphrase = ['--passphrase-env <variable>', 'variable that holds the passphrase'] as const;
  action('csr', 'make a certificate request')
    .requiredOption('--key <file>', 'private key the certificate is for')
    .requiredOption('--subject <name>', 'as CN=Release team, O=Acme')
    .requiredOption('--out <file>', 'the request, PEM')
    .option(...passphrase)
    .action((flags: Omit<Extract<CertOptions, { action: 'csr' }>, 'action'>) =>
      act({ ...flags, action: 'csr' }),
    );
  action('root', 'make a self-signed root')
    .requiredOption('--key <file>', 'private key of the root')
    .requiredOption('--subject <name>', 'as CN=Policy root, O=Acme')
    .requiredOption('--out <file>', 'the certificate, PEM')
    .option('--days <number>', 'how long it is valid (default: 3650)', count)
    .option(...passphrase)
    .action((flags: Omit<Extract<CertOptions, { action: 'root' }>, 'action'>) =>
      act({ ...flags, action: 'root', now: io.now() }),
    );
  action('signer', 'certify a request with a root')
    .requiredOption('--csr <file>', 'request of the signer')
    .requiredOption('--ca <file>', 'certificate of the root')
    .requiredOption('--ca-key <file>', 'private key of the root')
    .requiredOption('--out <file>', 'the certificate, PEM')
    .option('--days <number>', 'how long it is valid (default: 365)', count)
    .option(...passphrase)
    .action((flags: Omit<Extract<CertOptions, { action: 'signer' }>, 'action'>) =>
      act({ ...flags, action: 'signer', now: io.now() }),
    );
  action('import', 'take key and certificates out of a PKCS#12 file')
    .requiredOption('--p12 <file>', 'the PKCS#12 file')
    .requiredOption('--out <dir>', 'directory for signer.key (mode 0600), signer.pub and signer.crt')
    .option(...passphrase)
    .action((flags: Omit<Extract<CertOptions, { action: 'import' }>, 'action'>) =>
      act({ ...flags, action: 'import' }),
    );
  parent.addHelpText(
    'after',
    example(
      'plan-lint cert csr --key keys/signer.key --subject "CN=Release" --out signer.csr',
      'plan-lint cert root --key root/signer.key --subject "CN=Policy root, O=Acme" --out root.crt',
      'plan-lint cert signer --csr signer.csr --ca root.crt --ca-key root/signer.key --out signer.crt',
      'plan-lint cert import --p12 release.p12 --passphrase-env P12_PASSPHRASE --out keys',
    ),
  );
}
