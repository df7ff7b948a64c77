/** The verbs of a policy author's day. */
import { Argument, Option } from 'commander';
import type { LintOptions } from '../commands/lint.ts';
import type { SchemaOptions } from '../commands/schema.ts';
import type { InitOptions } from '../commands/init.ts';
import type { TestPoliciesOptions } from '../commands/test-policies.ts';
import { atLeastOne, count, example, format, json, percent, several } from './words.ts';
import type { Registrar } from './words.ts';

export function registerAuthoring({ verb, io, done }: Registrar): void {
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

  verb('schema', 'print the shape of policies as JSON Schema (draft 2020-12), for an editor')
    .addArgument(
      new Argument('[of]', 'policy files, or plan-lint.yaml')
        .choices(['policy', 'configuration'])
        .default('policy'),
    )
    .addHelpText('after', example('plan-lint schema > policies/schema/policy.schema.json'))
    .action(async (of: SchemaOptions['of']) =>
      done(await (await import('../commands/schema.ts')).schema({ of }, io)),
    );

  verb('test-policies', 'run the tests of policies, and judge the tests')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .requiredOption('--test-dir <dir>', 'directory of the tests, in YAML')
    .addOption(format('text', 'json', 'junit'))
    .addOption(json())
    .option('--junit <file>', 'write a JUnit report, too')
    .option('--coverage', 'say which rules and operations no test has seen')
    .addOption(
      new Option('--coverage-output <file>', 'write coverage as .info, .lcov or .html').argParser(several),
    )
    .option('--min-coverage <percent>', 'fail where fewer rules fire', percent)
    .option('--mutate', 'put small faults into the policies and say which of them no test notices')
    .option('--min-mutation-score <percent>', 'fail where fewer faults are noticed', percent)
    .option('--jobs <number>', 'threads for the faults (default: one a core)', atLeastOne)
    .addHelpText(
      'after',
      example(
        'plan-lint test-policies --policy-dir policies/ --test-dir policy-tests/',
        'plan-lint test-policies --policy-dir policies --test-dir policy-tests --min-coverage 100 --mutate',
      ),
    )
    .action(async (options: TestPoliciesOptions) =>
      done(await (await import('../commands/test-policies.ts')).testPolicies(options, io)),
    );
}
