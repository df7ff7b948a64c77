/** Reads JSON and JSONL reports back, a plan at a time. */
import { open, readFile } from 'node:fs/promises';
import { parsePlan } from '@plan-lint/runtime';
import { UsageError } from '../../bundles/failure.ts';
import type { PlanRecord } from '../../decisions/record.ts';
import { comparePlaces } from '../../decisions/record.ts';

/**
 * The records of a report. What `validate-batch` wrote has one plan a line and is read in constant memory; a
 * report that another tool has laid out anew is read whole.
 *
 * @throws UsageError for a file that is no JSON report of this program
 */
export async function* readReport(path: string): AsyncGenerator<PlanRecord> {
  const file = await open(path);
  let before: PlanRecord | undefined;
  try {
    for await (const line of file.readLines()) {
      const record = recordOf(line);
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

function recordOf(line: string): PlanRecord | 'layout' | undefined {
  const text = line.trim().replace(/,$/, '');
  if (text === '' || text === '{' || text === '}') return undefined;
  try {
    const value = parsePlan(text.replace(ENTRY, ''));
    return isRecord(value) ? value : 'layout';
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
  const records: readonly unknown[] =
    typeof report === 'object' && report !== null ? Object.values(report) : [];
  if (!records.every(isRecord)) throw notOurs(path);
  yield* [...records].sort(comparePlaces);
}

function isRecord(value: unknown): value is PlanRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { file, violations, is_valid, status } = value as Partial<PlanRecord>;
  return (
    typeof file === 'string' &&
    Array.isArray(violations) &&
    typeof is_valid === 'boolean' &&
    typeof status === 'string'
  );
}

const notOurs = (path: string): UsageError =>
  new UsageError(
    `\`${path}\` is no JSON report of validate-batch`,
    'make one with --report-format json or jsonl; both are read',
  );
