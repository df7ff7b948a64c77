/** `plan-lint sign`: signatures. Its flags only; the work is in commands/. */
import type { SignOptions } from '../commands/sign.ts';
import { signerFlags } from './signer-flags.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';
import { rebuilding } from './rebuilding.ts';

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

export function addSign({ io, verb, done }: Registrar): void {
  signerFlags(verb('sign', 'sign an unsigned bundle, add a signature to a signed one, or sign a trust root'))
    .argument('<file>', 'the module, a single-file bundle, an archive, or with --trust-root a trust root')
    .option('--output <file>', 'for an archive or a single-file bundle: the signed one to write')
    .option('--force', 'for an archive or a single-file bundle: replace what is there')
    .option('--trust <file>', 'trust root to verify the signatures by that are there already')
    .option('--sources <dir>', 'compare the policies with the digests to sign, and build the module again')
    .option('--accept-unverified', 'sign beside a signature that does not verify, or that nobody looked at')
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
        'plan-lint sign acme.mjs --trust trust.json --sources policies/ --key other/signer.key',
        'plan-lint sign acme.tar.gz --key keys/signer.key --output signed.tar.gz',
      ),
    )
    .action(async (file: string, flags: SignFlags) =>
      done(await (await import('../commands/sign.ts')).sign(signOptions(file, flags), io, rebuilding(io))),
    );
}
