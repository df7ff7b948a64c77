/** Which reports a run writes, and where. */
import { resolve } from 'node:path';
import { UsageError } from '../../bundles/failure.ts';
import type { Io } from '../terminal/io.ts';
import { BATCH_FORMATS, FORMAT_OF_EXTENSION } from './formats.ts';
import type { BatchFormatName } from './formats.ts';
import type { ItemOptions } from '../../decisions/format.ts';
import { fileOutput, printedOutput } from './output.ts';
import type { Output } from './output.ts';
import { tellPassedOver } from './passed-over.ts';
import { emptySummary } from '../../decisions/summary.ts';
import type { Summary } from '../../decisions/summary.ts';
import { summaryText } from '../text/batch.ts';

export interface ReportOptions {
  /** Formats, paired with the outputs in order; left out, a file's extension says it. */
  readonly reportFormat?: readonly BatchFormatName[];
  readonly output?: readonly string[];
}

export interface Outputs {
  readonly formats: readonly BatchFormatName[];
  readonly item: ItemOptions;
  /** One for each format. */
  readonly outputs: readonly Output[];
  /** Says how it went where no report on stdout does. */
  readonly talk: (summary: Summary) => void;
}

type Place = Pick<ItemOptions, 'root' | 'about'>;

/** @throws UsageError for flags that do not pair, the file system's error for a file that cannot be written */
export function openOutputs(options: ReportOptions, { root, about }: Place, io: Io): Outputs {
  const pairs = pairsOf(options);
  const colour = io.colour === true;
  const item = { root, colour, about };
  const outputs: Output[] = [];
  for (const { format, path } of pairs) {
    outputs.push(
      path === undefined
        ? printedOutput(format, item, (text) => io.stdout(text))
        : fileOutput(format, { ...item, colour: false }, resolve(io.cwd, path), emptySummary()),
    );
  }
  const printed = pairs.some(({ path }) => path === undefined);
  const inText = !printed || pairs.some(({ path, format }) => path === undefined && format === 'text');
  return {
    formats: pairs.map(({ format }) => format),
    item: { ...item, colour: colour && printed },
    outputs,
    talk: (summary) => {
      if (!printed) io.stdout(summaryText(summary, colour));
      else if (summary.interrupted) io.stderr('interrupted: the report does not cover all plans\n');
      if (!inText) tellPassedOver(summary.passedOver, io);
    },
  };
}

interface Pair {
  readonly format: BatchFormatName;
  /** `undefined`: stdout. */
  readonly path: string | undefined;
}

function pairsOf({ reportFormat: formats = [], output: paths = [] }: ReportOptions): readonly Pair[] {
  if (paths.length > formats.length) {
    if (formats.length > 0) throw unpaired();
    return paths.map((path) => ({ path, format: formatOf(path) }));
  }
  if (formats.length === 0) return [{ format: 'text', path: undefined }];
  if (formats.length > paths.length + 1) throw unpaired();
  return formats.map((format, i) => ({ format, path: paths[i] === '-' ? undefined : paths[i] }));
}

function formatOf(path: string): BatchFormatName {
  const format = FORMAT_OF_EXTENSION[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''];
  if (format) return format;
  throw new UsageError(
    `the name \`${path}\` does not say which report it is to be`,
    `--report-format, one of ${Object.keys(BATCH_FORMATS).join(', ')}`,
  );
}

const unpaired = (): UsageError =>
  new UsageError(
    'reports and their files do not pair',
    'give each --report-format its --output, in the same order; one report may go to stdout',
  );
