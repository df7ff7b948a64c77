/** Findings of an earlier report, so that a run speaks only of what is new. */
import { fingerprint } from '../../decisions/fingerprint.ts';
import { readReport } from './read-report.ts';
import type { PlanRecord } from '../../decisions/record.ts';

/** @throws UsageError for a file that is no JSON report */
export async function readBaseline(path: string): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for await (const record of readReport(path)) {
    for (const violation of record.violations) known.add(fingerprint(record, violation));
  }
  return known;
}

/** A record without what is known; its decision stays what it was. */
export function subtract(record: PlanRecord, known: ReadonlySet<string>): PlanRecord {
  const fresh = record.violations.filter((violation) => !known.has(fingerprint(record, violation)));
  return { ...record, violations: fresh, known: record.violations.length - fresh.length };
}
