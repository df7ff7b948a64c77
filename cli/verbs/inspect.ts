/** `plan-lint inspect`: what is in a bundle. Its flags only; the work is in commands/. */
import type { InspectOptions } from '../commands/inspect.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addInspect({ io, verb, done }: Registrar): void {
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
      done(await (await import('../commands/inspect.ts')).inspect({ ...flags, file, now: io.now() }, io)),
    );
}
