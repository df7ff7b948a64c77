/** `plan-lint init`: a first project. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { InitOptions } from '../commands/init.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addInit({ verb, io, done }: Registrar): void {
  verb('init', 'write a first policy, its test, a plan and a CI workflow')
    .argument('[directory]', 'where to write', '.')
    .addOption(
      new Option('--ci <system>', 'whose workflow to write')
        .choices(['github', 'gitlab', 'none'])
        .default('github'),
    )
    .addOption(format())
    .addOption(json())
    .addHelpText('after', example('plan-lint init', 'plan-lint init agents --ci gitlab'))
    .action(async (directory: string, options: Omit<InitOptions, 'directory'>) =>
      done(await (await import('../commands/init.ts')).init({ ...options, directory }, io)),
    );
}
