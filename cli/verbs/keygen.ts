/** `plan-lint keygen`: a signing key. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { KeygenOptions } from '../commands/keygen.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addKeygen({ verb, io, done }: Registrar): void {
  verb('keygen', 'make a signing key, its public half and a trust root that trusts it')
    .requiredOption('--out <dir>', 'directory for signer.key (mode 0600), signer.pub and trust.json')
    .addOption(
      new Option('--alg <algorithm>', 'kind of key').choices(['p256', 'ed25519', 'rsa']).default('p256'),
    )
    .addOption(
      new Option(
        '--role <role>',
        'policy signs bundles; decision signs receipts: decision.key and decision.pub alone',
      )
        .choices(['policy', 'decision'])
        .default('policy'),
    )
    .option('--name <pattern...>', 'names of the bundles that it may sign; * stands for anything')
    .option('--any-name', 'let it sign every bundle')
    .option('--passphrase-env <variable>', 'encrypt the key with the passphrase in this variable')
    .option('--label <text>', 'whose key it is, for the trust root')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint keygen --out keys --name acme-payments',
        'plan-lint keygen --out keys --role decision',
      ),
    )
    .action(async (options: KeygenOptions) =>
      done(await (await import('../commands/keygen.ts')).keygen(options, io)),
    );
}
