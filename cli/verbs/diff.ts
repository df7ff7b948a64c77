/** `plan-lint diff`: what got stricter or looser. Its flags only; the work is in commands/. */
import type { DiffOptions } from '../commands/diff.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addDiff({ verb, io, done }: Registrar): void {
  verb('diff', 'say what got stricter or looser; exits 1 where anything may have got looser')
    .argument('<old>', 'the policy directory as it was, or a bundle: archive or module')
    .argument('<new>', 'the policy directory as it is, or a bundle')
    .option('--entry <name>', 'the policy to compare (default: all)')
    .option('--plans-dir <dir>', 'plans, read as validate-batch does; lists those decided differently')
    .option('--trust <file>', 'the trust root that bundles must satisfy')
    .option('--context <key=value...>', 'what you vouch for, for the plans')
    .addOption(format())
    .addOption(json())
    .addHelpText(
      'after',
      example(
        'plan-lint diff main/policies policies --plans-dir plans',
        'plan-lint diff acme-41.tar.gz policies --trust trust.json',
      ),
    )
    .action(async (before: string, after: string, options: Omit<DiffOptions, 'before' | 'after'>) =>
      done(await (await import('../commands/diff.ts')).diff({ ...options, before, after }, io)),
    );
}
