/** Which reports a run writes, and what makes it fail: flags that several verbs share. */
import { InvalidArgumentError, Option } from 'commander';
import { SEVERITIES } from '@plan-lint/runtime/contract';
import type { ReportOptions } from '../batch/outputs.ts';
import { several } from './words.ts';

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
  'gitlab-codequality',
  'gitlab-sast',
  'azuredevops',
  'tap',
] as const;

export const reportFormat = (): Option =>
  new Option(
    '--report-format <format>',
    `a report to write, once each: ${REPORT_FORMATS.join(', ')}`,
  ).argParser((text: string, before: readonly string[] | undefined) => {
    const known: readonly string[] = REPORT_FORMATS;
    if (!known.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
    return several(text, before);
  });

export const output = (): Option =>
  new Option('--output <file>', 'its file, in the same order; the extension can say the format').argParser(
    several,
  );

export const failOn = (): Option =>
  new Option(
    '--fail-on <severity>',
    'exit with 1 from this severity up (default: where a plan may not run)',
  ).choices([...SEVERITIES, 'never']);

export interface AsJson {
  readonly json?: true;
}

/** `--json` is one more report. */
export function withJson<T extends ReportOptions>({
  json: asJson,
  ...options
}: T & AsJson): Omit<T & AsJson, 'json'> {
  if (!asJson) return options;
  return { ...options, reportFormat: [...(options.reportFormat ?? []), 'json' as const] };
}
