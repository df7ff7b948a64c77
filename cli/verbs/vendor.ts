/** `plan-lint vendor`: policies of somebody else. Its flags only; the work is in commands/. */
import type { VendorOptions } from '../commands/vendor.ts';
import { demandFlags } from './demand-flags.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addVendor({ verb, io, done }: Registrar): void {
  demandFlags(verb('vendor', 'fetch policies to extend out of a channel, pin and lock them'))
    .requiredOption('--policy-dir <dir>', 'your own policies')
    .option('--check', 'ask nobody: say whether what was fetched is as it was locked')
    .option('--from <registry>', 'where: a directory, https://…')
    .option('--channel <name>', 'the channel')
    .option('--trust <file>', 'the trust root, which says whose signature counts')
    .option('--into <dir>', 'directory for the files, below the policy directory: vendor/global')
    .option('--state <file>', 'remembers the heads that were seen, so that none goes back')
    .option('--token-env <variable>', 'variable that holds a token for the registry')
    .option('--force', 'give up what was changed in the files since')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint vendor --policy-dir policies --from https://policies.example --channel global --trust trust.json --into vendor/global',
        'plan-lint vendor --policy-dir policies --check',
      ),
    )
    .action(async (options: VendorOptions) =>
      done(await (await import('../commands/vendor.ts')).vendor(options, io)),
    );
}
