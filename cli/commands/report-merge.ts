/** `plan-lint report merge`: the reports of shards become the report of the whole. */
import { resolve } from 'node:path';
import { openOutputs } from '../batch/outputs.ts';
import type { ReportOptions } from '../batch/outputs.ts';
import { readReport } from '../batch/read-report.ts';
import { comparePlaces, keyOf } from '../../decisions/record.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { Rendering } from '../batch/rendering.ts';
import { addSummary, emptySummary } from '../../decisions/summary.ts';
import type { FailOn } from '../../decisions/summary.ts';
import { reportFailures } from '../terminal/failure.ts';
import { UsageError } from '../../bundles/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';

export interface ReportMergeOptions extends ReportOptions {
  /** JSON or JSONL reports. */
  readonly reports: readonly string[];
  readonly failOn?: FailOn;
  /** A plan with a check that waits fails the run. */
  readonly failOnPending?: boolean;
  /** Where the plans are, for reports that point at files. */
  readonly plansDir?: string;
}

const BATCH = 1000;
const NOTHING = new Uint8Array(0);

export function reportMerge(options: ReportMergeOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const paths = options.reports.map((path) => resolve(io.cwd, path));
    const root = options.plansDir?.replace(/\/+$/, '') ?? '';
    // Before any output is opened: what cannot be read leaves no empty report behind.
    const records = mergeReports(paths);
    const first = await records.next();
    const { formats, item, outputs, talk } = openOutputs(
      options,
      { root, about: { at: new Date(io.now()).toISOString(), context: null } },
      io,
    );
    const summary = emptySummary();
    let held: PlanRecord[] = [];
    const settle = (): void => {
      const rendering = new Rendering(
        { formats, item, failOn: options.failOn, failOnPending: options.failOnPending },
        false,
      );
      for (const record of held) rendering.add(record);
      held = [];
      const { pieces, summary: part } = rendering.end();
      addSummary(summary, part);
      for (const [i, output] of outputs.entries()) output.write(pieces[i] ?? NOTHING, summary);
    };
    try {
      if (!first.done) held.push(first.value);
      for await (const record of records) {
        held.push(record);
        if (held.length >= BATCH) settle();
      }
      settle();
    } finally {
      for (const output of outputs) output.finish(summary);
    }
    talk(summary);
    return summary.failing > 0 ? EXIT.findings : EXIT.ok;
  });
}

/** All records in the order of one report; one record a report is held. @throws UsageError for a plan met twice */
async function* mergeReports(paths: readonly string[]): AsyncGenerator<PlanRecord> {
  const readers = paths.map((path) => readReport(path));
  const heads: { readonly reader: AsyncGenerator<PlanRecord>; record: PlanRecord }[] = [];
  for (const reader of readers) {
    const first = await reader.next();
    if (!first.done) heads.push({ reader, record: first.value });
  }
  let before: PlanRecord | undefined;
  for (;;) {
    const [first, ...others] = heads;
    if (!first) return;
    const least = others.reduce((a, b) => (comparePlaces(b.record, a.record) < 0 ? b : a), first);
    if (before && comparePlaces(before, least.record) === 0) {
      throw new UsageError(
        `the plan \`${keyOf(before)}\` is in two of the reports`,
        'merge the reports of different shards of one run',
      );
    }
    before = least.record;
    // The JSONL report names the plan in each record; it is written anew.
    yield withoutKey(least.record);
    const next = await least.reader.next();
    if (next.done) heads.splice(heads.indexOf(least), 1);
    else least.record = next.value;
  }
}

function withoutKey(record: PlanRecord & { readonly plan?: string }): PlanRecord {
  const rest = { ...record };
  delete (rest as { plan?: string }).plan;
  return rest;
}
