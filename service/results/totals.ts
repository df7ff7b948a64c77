/** What the results amount to in a period. */
import type { Database, Row } from '../database/database.ts';

export interface Totals {
  readonly decisions: number;
  readonly valid: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Findings by rule. */
  readonly rules: Readonly<Record<string, number>>;
}

const countsBy = (rows: readonly Row[]): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.map(({ name, n }) => [typeof name === 'string' ? name : 'unknown', Number(n)]));

/** @param period - milliseconds since the epoch: from (inclusive), to (exclusive) */
export function totalsOf(
  database: Database,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Totals> {
  return database.transaction(async (run) => {
    const [all] = await run(
      'SELECT COUNT(*) AS n, COALESCE(SUM(is_valid), 0) AS valid FROM decisions WHERE ts >= ? AND ts < ?',
      [from, to],
    );
    const statuses = await run(
      'SELECT status AS name, COUNT(*) AS n FROM decisions WHERE ts >= ? AND ts < ? GROUP BY status',
      [from, to],
    );
    const rules = await run(
      `SELECT v.rule AS name, COUNT(*) AS n FROM violations v JOIN decisions d ON d.decision_id = v.decision_id
        WHERE d.ts >= ? AND d.ts < ? GROUP BY v.rule`,
      [from, to],
    );
    return {
      decisions: Number(all?.['n'] ?? 0),
      valid: Number(all?.['valid'] ?? 0),
      statuses: countsBy(statuses),
      rules: countsBy(rules),
    };
  });
}
