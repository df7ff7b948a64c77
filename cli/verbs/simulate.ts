/** `plan-lint simulate`: what a change of policies would mean. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { SimulateOptions } from '../commands/simulate.ts';
import { atLeastOne, count, example, format, json, several } from './words.ts';
import { limitFlags, recordFlags } from './circumstances.ts';
import type { Registrar } from './words.ts';

export function addSimulate({ verb, io, done }: Registrar): void {
  limitFlags(
    recordFlags(verb('simulate', 'say what a change of policies would have meant for plans one has')),
  )
    .requiredOption('--old <policies>', 'policy directory or bundle that decides now')
    .requiredOption('--new <policies>', 'policy directory or bundle that is to decide')
    .requiredOption('--plans-dir <dir>', 'directory of plans')
    .option('--plans-pattern <glob>', 'files below it (default: **/*.{json,jsonl,ndjson})')
    .option('--trust <file>', 'the trust root, for bundles')
    .option('--audience <environment>', 'the environment, for bundles')
    .option('--entry <name>', 'the policy to decide with')
    .option('--old-entry <name>', 'that of the old policies, where it differs')
    .option('--new-entry <name>', 'that of the new ones')
    .option('--context <key=value...>', 'what you vouch for')
    .addOption(format('text', 'json', 'html'))
    .addOption(json())
    .addOption(new Option('--output <file>', 'write it as .html, .json or .txt').argParser(several))
    .option('--max-newly-refused <number>', 'fail where more plans would be refused', count)
    .option('--jobs <number>', 'threads (default: one a core)', atLeastOne)
    .addHelpText(
      'after',
      example(
        'plan-lint simulate --old policies.mjs --trust trust.json --new policies/ --plans-dir plans/ --output r.html',
      ),
    )
    .action(async (options: SimulateOptions) =>
      done(await (await import('../commands/simulate.ts')).simulate(options, io)),
    );
}
