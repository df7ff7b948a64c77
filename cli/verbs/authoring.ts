/** The verbs of a policy author's day. */
import { Option } from 'commander';
import type { LintOptions } from '../commands/lint.ts';
import { count, example } from './words.ts';
import type { Registrar } from './words.ts';

export function registerAuthoring({ verb, io, done }: Registrar): void {
  verb('lint', 'say what is wrong or doubtful in policies')
    .option('--policy-dir <dir>', 'directory of the policies, or one file (default: $PLAN_LINT_POLICY_PATH)')
    .option('--entry <name...>', 'policies to look at (default: every file that nobody extends)')
    .addOption(
      new Option('--format <format>', 'how to print findings')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .option('--max-warnings <number>', 'fail on more warnings than this', count)
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
