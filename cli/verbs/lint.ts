/** `plan-lint lint`: what is wrong or doubtful in policies. Its flags only; the work is in commands/. */
import type { LintOptions } from '../commands/lint.ts';
import { count, example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

export function addLint({ verb, io, done }: Registrar): void {
  verb('lint', 'say what is wrong or doubtful in policies')
    .option('--policy-dir <dir>', 'directory of the policies, or one file (default: $PLAN_LINT_POLICY_PATH)')
    .option('--entry <name...>', 'policies to look at (default: every file that nobody extends)')
    .addOption(format('text', 'json', 'sarif', 'github'))
    .addOption(json())
    .option('--max-warnings <number>', 'fail on more warnings than this', count)
    .option('--warn-expiry <days>', 'warn of exceptions that expire within so many days (default: 30)', count)
    .option('--now <instant>', 'judge exceptions at this instant instead of now')
    .option('--patterns', 'list the patterns, too: engine, states, bytes, worst case a character')
    .option('--fix', 'write what has one safe fix')
    .option('--watch', 'lint again on every change')
    .addHelpText(
      'after',
      example('plan-lint lint --policy-dir policies/', 'plan-lint lint --policy-dir policies/ --watch'),
    )
    .action(async (options: LintOptions) =>
      done(await (await import('../commands/lint.ts')).lint(options, io)),
    );
}
