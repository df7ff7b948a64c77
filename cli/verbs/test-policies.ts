/** `plan-lint test-policies`: the tests of policies. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { TestPoliciesOptions } from '../commands/test-policies.ts';
import { atLeastOne, example, format, json, percent, several } from './words.ts';
import type { Registrar } from './words.ts';

export function addTestPolicies({ verb, io, done }: Registrar): void {
  verb('test-policies', 'run the tests of policies, and judge the tests')
    .option('--policy-dir <dir>', 'directory of the policies (default: $PLAN_LINT_POLICY_PATH)')
    .requiredOption('--test-dir <dir>', 'directory of the tests, in YAML')
    .option('--filter <text>', 'only tests whose name or file has this text')
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
