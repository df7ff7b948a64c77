/** `plan-lint bundle`: policies become a signed module. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { BundleCommandOptions } from '../commands/bundle.ts';
import { count, example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addBundle({ verb, io, done }: Registrar): void {
  verb('bundle', 'compile policies into one signed module')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .requiredOption(
      '--output <file>',
      'FILE.mjs, with its signature in FILE.mjs.sigstore.json; or FILE.tar.gz with sources and all',
    )
    .option('--test-dir <dir>', 'tests that must pass; their report is bound by the signature')
    .option('--entry <name...>', 'policies to decide with (default: every file that nobody extends)')
    .option(
      '--require-base <file...>',
      'files that every entry must extend, beside those of plan-lint.yaml: FILE or FILE#sha256=<hex>',
    )
    .addOption(
      new Option(
        '--capability <name...>',
        'what the bundle is able to do beside deciding whole plans, beside those of plan-lint.yaml',
      ).choices(['session', 'bytes']),
    )
    .option('--no-bytes', 'leave out the scanner that tells plans on which nothing fires by their bytes')
    .option('--name <name>', 'name of the bundle (default: that of the directory)')
    .option('--release <label>', 'your label of this release (default: the sequence)')
    .option('--sequence <number>', 'grows with each release; a loader refuses to go back', count)
    .option('--audience <environment...>', 'environments that may load the bundle (default: any)')
    .option('--not-before <instant>', 'when it becomes valid')
    .option(
      '--expires <instant>',
      'when it stops being valid: 2027-01-31T00:00:00Z, 2027-01-31, 90d or never (default: 90d)',
    )
    .option('--key <file...>', 'private keys to sign with, one signature each')
    .option('--passphrase-env <variable>', 'variable that holds the passphrase of the keys')
    .option('--sign-command <command>', 'shell command that signs standard input: a KMS, an HSM, openssl')
    .option('--public-key <file>', 'public key or certificate of whoever the command signs for')
    .option('--unsigned', 'write the module and FILE.mjs.statement.json, to be signed by `plan-lint sign`')
    .option('--single-file', 'put the signature into the last line of the module')
    .option('--source-map', 'write FILE.mjs.map, too: policy line of every rule; the signature covers it')
    .option('--force', 'replace files that exist')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint bundle --policy-dir policies --output acme.mjs --key keys/signer.key --sequence 1',
        'plan-lint bundle --policy-dir policies/ --output policy-bundle.tar.gz --key keys/signer.key',
      ),
    )
    .action(async (options: BundleCommandOptions) =>
      done(await (await import('../commands/bundle.ts')).bundle(options, io)),
    );
}
