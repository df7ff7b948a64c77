/** `plan-lint import`: plans of other formats. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { ImportOptions } from '../commands/import.ts';
import { FORMATS } from '../../plans/formats/index.ts';
import { example } from './words.ts';
import type { Registrar } from './words.ts';

export function addImport({ verb, io, done }: Registrar): void {
  verb('import', 'turn what an agent or a tool has written into a plan')
    .argument('<file>', 'messages, requests, a transcript, a workflow; - is standard input')
    .addOption(
      new Option('--from <format>', 'what it is written in; auto takes the one format that is seen')
        .choices(['auto', ...FORMATS.map(({ name }) => name)])
        .default('auto'),
    )
    .option('--output <file>', 'where the plan goes; nothing is replaced (default: standard output)')
    .addHelpText('after', example('plan-lint import messages.json --from openai-chat > plan.json'))
    .action(async (file: string, options: Omit<ImportOptions, 'file'>) =>
      done(await (await import('../commands/import.ts')).importFile({ ...options, file }, io)),
    );
}
