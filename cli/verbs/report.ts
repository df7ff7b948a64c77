/** `plan-lint report`: works on reports of validate-batch. Its flags only; the work is in commands/. */
import type { ReportMergeOptions } from '../commands/report-merge.ts';
import { reportFormat, output, failOn, withJson } from './report-flags.ts';
import type { AsJson } from './report-flags.ts';
import { pendingOption } from './circumstances.ts';
import { example } from './words.ts';
import type { Registrar } from './words.ts';

export function addReport({ verb, io, done }: Registrar): void {
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
    .addOption(pendingOption())
    .option('--plans-dir <dir>', 'where the plans are, for formats that point at files')
    .addHelpText('after', merged)
    .action(async (reports: readonly string[], given: Omit<ReportMergeOptions, 'reports'> & AsJson) => {
      const { reportMerge } = await import('../commands/report-merge.ts');
      done(await reportMerge({ ...withJson(given), reports }, io));
    });
}
