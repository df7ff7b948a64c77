/** `plan-lint validate-batch`: decides many plans. Its flags only; the work is in commands/. */
import type { ValidateBatchOptions } from '../commands/validate-batch.ts';
import { reportFormat, output, failOn, withJson } from './report-flags.ts';
import type { AsJson } from './report-flags.ts';
import { atLeastOne, example } from './words.ts';
import { demandFlags } from './demand-flags.ts';
import { limitFlags, recordFlags, valuesFlags } from './circumstances.ts';
import type { Registrar } from './words.ts';

export function addValidateBatch({ verb, io, done }: Registrar): void {
  limitFlags(
    valuesFlags(
      recordFlags(demandFlags(verb('validate-batch', 'decide many plans and report on all of them'))),
    ),
  )
    .argument('[plan...]', 'files of plans as JSON, arrays or JSONL; - is standard input')
    .option('--plans-dir <dir>', 'directory of plans')
    .option('--plans-pattern <glob>', 'files below it (default: **/*.{json,jsonl,ndjson})')
    .option('--bundle <file>', 'a signed bundle')
    .option('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--policy-dir <dir>', 'policies instead of a bundle (default: $PLAN_LINT_POLICY_PATH)')
    .option('--entry <name>', 'the policy to decide with (default: the default entry, or all)')
    .option('--context <key=value...>', 'what you vouch for: who asks, role, environment')
    .addOption(reportFormat())
    .addOption(output())
    .option('--json', 'the same as --report-format json')
    .addOption(failOn())
    .option('--baseline <report>', 'an earlier JSON report: say only what is new')
    .option('--shard <i/n>', 'decide only this part of the plans; `report merge` joins the reports')
    .option('--jobs <number>', 'threads (default: one a core)', atLeastOne)
    .addHelpText(
      'after',
      example(
        'plan-lint validate-batch --plans-dir agent/plans/ --policy-dir policies/ \\\n      --report-format json --output validation-report.json',
        'planner | plan-lint validate-batch - --bundle acme.mjs --trust trust.json --report-format jsonl',
        'plan-lint validate-batch --plans-dir plans --policy-dir policies --output r.json --output r.html',
      ),
    )
    .action(async (plans: readonly string[], given: ValidateBatchOptions & AsJson) => {
      const { validateBatch } = await import('../commands/validate-batch.ts');
      done(await validateBatch({ ...withJson(given), plans }, io));
    });
}
