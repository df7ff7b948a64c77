/** Reads JSON and JSONL reports back, a plan at a time. */
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parsePlan } from '@plan-lint/runtime';
import { UsageError } from '../../bundles/failure.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { comparePlaces } from '../../decisions/record.ts';
import type { PlanPlace } from '../../plans/each-plan.ts';
import { recordOf } from './log-record.ts';

/**
 * The records of a report, or of the log of a service whose lines are decisions. What `validate-batch` wrote has one plan a
 * line and is read in constant memory; a report that another tool has laid out anew is read whole.
 *
 * @throws UsageError for a file that is no JSON report of this program
 */
export async function* readReport(path: string): AsyncGenerator<PlanRecord> {
  const file = await open(path);
  let before: PlanRecord | undefined;
  let number = 0;
  try {
    for await (const line of file.readLines()) {
      number += 1;
      const record = recordIn(line, { file: basename(path), line: number });
      if (record === 'layout') {
        if (before) throw notOurs(path);
        yield* wholeReport(path);
        return;
      }
      if (!record) continue;
      if (before && comparePlaces(before, record) >= 0) throw notOurs(path);
      before = record;
      yield record;
    }
  } finally {
    await file.close();
  }
}

const ENTRY = /^"(?:[^"\\]|\\.)*":/;

function recordIn(line: string, at: PlanPlace): PlanRecord | 'layout' | undefined {
  const text = line.trim().replace(/,$/, '');
  if (text === '' || text === '{' || text === '}') return undefined;
  try {
    return recordOf(parsePlan(text.replace(ENTRY, '')), at) ?? 'layout';
  } catch {
    return 'layout';
  }
}

async function* wholeReport(path: string): AsyncGenerator<PlanRecord> {
  let report: unknown;
  try {
    report = parsePlan(await readFile(path, 'utf8'));
  } catch {
    throw notOurs(path);
  }
  const values: readonly unknown[] =
    typeof report === 'object' && report !== null ? Object.values(report) : [];
  const records = values.map((value, index) => {
    const record = recordOf(value, { file: basename(path), index });
    if (!record) throw notOurs(path);
    return record;
  });
  yield* records.sort(comparePlaces);
}

const notOurs = (path: string): UsageError =>
  new UsageError(
    `\`${path}\` is no JSON report of validate-batch, and no log of decisions`,
    'make one with --report-format json or jsonl; a log has a decision in each line',
  );
