/** The verbs that decide many plans. */
import { InvalidArgumentError, Option } from 'commander';
import { SEVERITIES } from '@plan-lint/runtime/contract';
import type { ReportOptions } from '../batch/outputs.ts';
import type { ReportMergeOptions } from '../commands/report-merge.ts';
import type { SimulateOptions } from '../commands/simulate.ts';
import type { ValidateBatchOptions } from '../commands/validate-batch.ts';
import { atLeastOne, count, example, format, json, several } from './words.ts';
import type { Registrar } from './words.ts';

// Spelt out here so that help does not have to load the reports; a test holds it to their table.
export const REPORT_FORMATS = [
  'text',
  'json',
  'jsonl',
  'sarif',
  'junit',
  'html',
  'markdown',
  'github',
] as const;

const reportFormat = (): Option =>
  new Option(
    '--report-format <format>',
    `a report to write, once each: ${REPORT_FORMATS.join(', ')}`,
  ).argParser((text: string, before: readonly string[] | undefined) => {
    const known: readonly string[] = REPORT_FORMATS;
    if (!known.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
    return several(text, before);
  });

const output = (): Option =>
  new Option('--output <file>', 'its file, in the same order; the extension can say the format').argParser(
    several,
  );

const failOn = (): Option =>
  new Option(
    '--fail-on <severity>',
    'exit with 1 from this severity up (default: where a plan may not run)',
  ).choices([...SEVERITIES, 'never']);

interface AsJson {
  readonly json?: true;
}

/** `--json` is one more report. */
function withJson<T extends ReportOptions>({
  json: asJson,
  ...options
}: T & AsJson): Omit<T & AsJson, 'json'> {
  if (!asJson) return options;
  return { ...options, reportFormat: [...(options.reportFormat ?? []), 'json' as const] };
}

export function registerDeciding({ verb, io, done }: Registrar): void {
  verb('validate-batch', 'decide many plans and report on all of them')
    .argument('[plan...]', 'files of plans as JSON, arrays or JSONL; - is standard input')
    .option('--plans-dir <dir>', 'directory of plans')
    .option('--plans-pattern <glob>', 'files below it (default: **/*.{json,jsonl,ndjson})')
    .option('--bundle <file>', 'a signed bundle')
    .option('--trust <file>', 'the trust root that the bundle must satisfy')
    .option('--audience <environment>', 'the environment the bundle is used in')
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

  const merged = example('plan-lint report merge shard-*.json --output all.json --output all.html');
  const report = verb('report', 'work on reports of validate-batch').addHelpText('after', merged);
  report
    .command('merge')
    .copyInheritedSettings(report)
    .description('join the reports of shards, or turn a report into other formats')
    .argument('<report...>', 'JSON or JSONL reports')
    .addOption(reportFormat())
    .addOption(output())
    .option('--json', 'the same as --report-format json')
    .addOption(failOn())
    .option('--plans-dir <dir>', 'where the plans are, for formats that point at files')
    .addHelpText('after', merged)
    .action(async (reports: readonly string[], given: Omit<ReportMergeOptions, 'reports'> & AsJson) => {
      const { reportMerge } = await import('../commands/report-merge.ts');
      done(await reportMerge({ ...withJson(given), reports }, io));
    });

  verb('simulate', 'say what a change of policies would have meant for plans one has')
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
