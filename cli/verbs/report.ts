/** `plan-lint report`: works on reports of validate-batch, and on audit logs. Its flags only; the work is in commands/. */
import { Option } from 'commander';
import type { Command } from 'commander';
import type { ReportComplianceOptions } from '../commands/report-compliance.ts';
import type { ReportMergeOptions } from '../commands/report-merge.ts';
import { reportFormat, output, failOn, withJson } from './report-flags.ts';
import type { AsJson } from './report-flags.ts';
import { pendingOption } from './circumstances.ts';
import { example, format, json } from './words.ts';
import type { Registrar } from './words.ts';

const COMPLIANCE =
  'plan-lint report compliance audit.log --from 2026-06-01 --to 2026-07-01 --controls controls.yaml --trust trust.json --output june.html';

function addCompliance(report: Command, { verb, io, done }: Registrar): void {
  verb('compliance', 'say what the audit logs of a period prove, control by control', report)
    .argument('<log...>', 'the file that is written, of each instance; closed ones beside it are read, too')
    .requiredOption('--controls <file>', 'which rules and which evidence stand for which control')
    .option('--from <instant>', 'from then on: 2026-06-01 (default: the first line)')
    .option('--to <instant>', 'before then (default: now)')
    .option('--trust <file>', 'the trust root, which says who signs checkpoints')
    .option('--results <address>', 'a results database that must say the same: sqlite:FILE, postgres://…')
    .option('--results-file <file>', 'a file with the address, where that holds a secret')
    .addOption(
      new Option('--output <file...>', 'write the report; the extension says which: .html, .json, .txt'),
    )
    .addOption(format('text', 'json', 'html'))
    .addOption(json())
    .addHelpText('after', example(COMPLIANCE))
    .action(async (logs: readonly string[], options: Omit<ReportComplianceOptions, 'logs'>) =>
      done(
        await (await import('../commands/report-compliance.ts')).reportCompliance({ ...options, logs }, io),
      ),
    );
}

export function addReport(registrar: Registrar): void {
  const { verb, io, done } = registrar;
  const merged = example('plan-lint report merge shard-*.json --output all.json --output all.html');
  const report = verb('report', 'work on reports of validate-batch, and on audit logs').addHelpText(
    'after',
    merged,
  );
  report
    .command('merge')
    .copyInheritedSettings(report)
    .description('join the reports of shards, or turn a report into other formats')
    .argument('<report...>', 'JSON or JSONL reports')
    .addOption(reportFormat())
    .addOption(output())
    .option('--json', 'the same as --report-format json')
    .addOption(failOn())
    .addOption(pendingOption())
    .option('--plans-dir <dir>', 'where the plans are, for formats that point at files')
    .addHelpText('after', merged)
    .action(async (reports: readonly string[], given: Omit<ReportMergeOptions, 'reports'> & AsJson) => {
      const { reportMerge } = await import('../commands/report-merge.ts');
      done(await reportMerge({ ...withJson(given), reports }, io));
    });
  addCompliance(report, registrar);
}
