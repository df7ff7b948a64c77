/** The verbs of trust on the command line: sign, cert, trust, inspect. Their flags only; the work is in commands/. */
import type { Command } from 'commander';
import type { CertOptions } from './commands/cert.ts';
import type { InspectOptions } from './commands/inspect.ts';
import type { SignOptions } from './commands/sign.ts';
import type { TrustOptions } from './commands/trust.ts';
import type { Io } from './terminal/io.ts';
import { format, json } from './verbs/words.ts';

/** What `program.ts` lends. */
export interface Verbs {
  readonly io: Io;
  /** A new verb, with the settings all verbs share. */
  readonly verb: (name: string, summary: string, parent?: Command) => Command;
  readonly done: (code: number) => void;
  readonly count: (text: string) => number;
  readonly example: (...lines: readonly string[]) => string;
}

const signerFlags = (command: Command): Command =>
  command
    .option('--key <file...>', 'private keys to sign with, one signature each')
    .option('--passphrase-env <variable>', 'variable that holds the passphrase of encrypted keys')
    .option('--sign-command <command>', 'shell command that signs standard input: a KMS, an HSM, openssl')
    .option('--public-key <file>', 'public key or certificate of whoever signs elsewhere');

interface SignFlags extends Omit<SignOptions, 'file' | 'as' | 'provenance'> {
  readonly trustRoot?: boolean;
  readonly provenance?: boolean;
  readonly builder?: string;
  readonly invocation?: string;
  readonly sourceUri?: string;
  readonly sourceCommit?: string;
  readonly startedOn?: string;
  readonly finishedOn?: string;
}

function signOptions(file: string, flags: SignFlags): SignOptions {
  const {
    trustRoot,
    provenance,
    builder,
    invocation,
    sourceUri,
    sourceCommit,
    startedOn,
    finishedOn,
    ...rest
  } = flags;
  return {
    ...rest,
    file,
    ...(trustRoot ? { as: 'trust' as const } : {}),
    ...(provenance
      ? {
          provenance: {
            builder: builder ?? '',
            ...(invocation === undefined ? {} : { invocation }),
            ...(sourceUri === undefined || sourceCommit === undefined
              ? {}
              : { source: { uri: sourceUri, commit: sourceCommit } }),
            ...(startedOn === undefined ? {} : { startedOn }),
            ...(finishedOn === undefined ? {} : { finishedOn }),
          },
        }
      : {}),
  };
}

function addSign({ io, verb, done, example }: Verbs): void {
  signerFlags(verb('sign', 'sign an unsigned bundle, add a signature to a signed one, or sign a trust root'))
    .argument('<file>', 'the module, an archive, or with --trust-root a trust root')
    .option('--output <file>', 'for an archive: the signed one to write')
    .option('--force', 'for an archive: replace what is there')
    .option('--trust-root', 'the file is a trust root: sign it as the successor of the current one')
    .option('--payload-out <file>', 'write the bytes to be signed elsewhere, and stop')
    .option('--attach <file>', 'take a signature that was made elsewhere; needs --public-key')
    .option('--pss', 'also write FILE.sig: raw RSA-PSS, as earlier Python deployments check it')
    .option('--provenance', 'sign SLSA provenance v1 beside the bundle instead of the bundle itself')
    .option('--builder <uri>', 'provenance: who ran the build (needed)')
    .option('--invocation <uri>', 'provenance: which run it was')
    .option('--source-uri <uri>', 'provenance: repository of the policies; needs --source-commit')
    .option('--source-commit <hash>', 'provenance: commit the policies were read from')
    .option('--started-on <instant>', 'provenance: when the build began')
    .option('--finished-on <instant>', 'provenance: when it ended')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint sign acme.mjs --key keys/signer.key',
        'plan-lint sign acme.mjs --payload-out to-sign.bin',
        'plan-lint sign acme.mjs --attach signature.bin --public-key signer.pub',
        'plan-lint sign acme.tar.gz --key keys/signer.key --output signed.tar.gz',
      ),
    )
    .action(async (file: string, flags: SignFlags) =>
      done(await (await import('./commands/sign.ts')).sign(signOptions(file, flags), io)),
    );
}

function addCert({ io, verb, done, count, example }: Verbs): void {
  const parent = verb('cert', 'certificates for signers, and keys out of PKCS#12');
  const act = (options: CertOptions): Promise<void> =>
    import('./commands/cert.ts').then(async ({ cert }) => done(await cert(options, io)));
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

type TrustFlags<A extends TrustOptions['action']> = Omit<Extract<TrustOptions, { action: A }>, 'action'>;

function addTrust({ io, verb, done, count, example }: Verbs): void {
  const parent = verb('trust', 'make, change, sign and show trust roots');
  const act = (options: TrustOptions): Promise<void> =>
    import('./commands/trust.ts').then(async ({ trust }) => done(await trust(options, io)));
  const action = (name: string, summary: string): Command =>
    verb(name, summary, parent).addOption(format()).addOption(json());
  const change = (name: string, summary: string): Command =>
    signerFlags(action(name, summary))
      .requiredOption('--trust <file>', 'the current trust root')
      .requiredOption('--output <file>', 'the next one; signatures are written beside it');
  action('init', 'make the first trust root')
    .requiredOption('--add <file...>', 'public keys or certificates that may sign bundles')
    .requiredOption('--output <file>', 'the trust root')
    .option('--root-key <file...>', 'keys that may sign the next trust root (default: the same)')
    .option('--root-threshold <number>', 'how many of them must (default: 1)', count)
    .option('--name <pattern>', 'which bundles; * stands for anything (default: *)')
    .option('--threshold <number>', 'how many keys must sign a bundle (default: 1)', count)
    .option('--audience <environment...>', 'environments that may load by this rule (default: any)')
    .option('--minimum-sequence <number>', 'refuse older bundles', count)
    .option('--expires <instant>', 'nothing loads by this root from then on')
    .action((flags: TrustFlags<'init'>) => act({ ...flags, action: 'init' }));
  change('add', 'add a signer')
    .requiredOption('--add <file>', 'public key or certificate')
    .option('--label <text>', 'whose key it is')
    .option('--name <pattern...>', 'rules it may sign for, as they stand in the root (default: all)')
    .option('--root', 'let it sign the next trust root, and bundles only where --name says so')
    .option('--not-before <instant>', 'valid from')
    .option('--expires <instant>', 'valid until')
    .action((flags: TrustFlags<'add'>) => act({ ...flags, action: 'add' }));
  change('rotate', 'put a new key beside an old one; `revoke` the old one when all bundles are signed anew')
    .requiredOption('--from <id>', 'id of the old key, or its first 8 characters')
    .requiredOption('--to <file>', 'new public key or certificate')
    .option('--label <text>', 'whose key it is (default: as the old one)')
    .action((flags: TrustFlags<'rotate'>) => act({ ...flags, action: 'rotate' }));
  change('revoke', 'mark a key revoked and take it out of every rule')
    .requiredOption('--id <id>', 'id of the key, or its first 8 characters')
    .action((flags: TrustFlags<'revoke'>) => act({ ...flags, action: 'revoke', now: io.now() }));
  action('update', 'check the signed step from one root to the next, as a loader does')
    .requiredOption('--trust <file>', 'the current trust root')
    .requiredOption('--next <file>', 'the next one, with its signatures beside it')
    .action((flags: TrustFlags<'update'>) => act({ ...flags, action: 'update', now: io.now() }));
  action('show', 'say who is trusted with what')
    .requiredOption('--trust <file>', 'the trust root')
    .action((flags: TrustFlags<'show'>) => act({ ...flags, action: 'show' }));
  parent.addHelpText(
    'after',
    example(
      'plan-lint trust init --add signer.pub --name "acme*" --audience production --output trust.json',
      'plan-lint trust show --trust trust.json',
      'plan-lint trust rotate --trust trust.json --from 3f9a0c12 --to new.pub --output trust.2.json --key root.key',
      'plan-lint trust update --trust trust.json --next trust.2.json',
      'plan-lint trust revoke --trust trust.2.json --id 3f9a0c12 --output trust.3.json --key root.key',
    ),
  );
}

function addInspect({ io, verb, done, example }: Verbs): void {
  verb('inspect', 'list what is in a bundle; its module runs only if the trust root vouches for it')
    .argument('<file>', 'the module, a single-file bundle, or an archive')
    .option('--trust <file>', 'the trust root; without it nothing is verified and no rule is listed')
    .option('--signature <file...>', 'sidecars (default: those beside the module)')
    .option('--sources <dir>', 'the policies, for all they say of exceptions (an archive holds them)')
    .option('--audience <environment>', 'the environment it is for (default: the first it names)')
    .addOption(format('text', 'json', 'html'))
    .addOption(json())
    .option('--output <file>', 'write it to a file')
    .addHelpText(
      'after',
      example('plan-lint inspect acme.mjs --trust trust.json --format html --output acme.html'),
    )
    .action(async (file: string, flags: Omit<InspectOptions, 'file'>) =>
      done(await (await import('./commands/inspect.ts')).inspect({ ...flags, file, now: io.now() }, io)),
    );
}

export function addTrustVerbs(verbs: Verbs): void {
  addSign(verbs);
  addInspect(verbs);
  addTrust(verbs);
  addCert(verbs);
}
