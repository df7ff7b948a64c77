/** What the dashboard asks of the results. */
import type { Database, Run, Value } from '../database/database.ts';

export interface Within {
  /** Milliseconds since the epoch: from (inclusive), to (exclusive). */
  readonly from: number;
  readonly to: number;
  /** `null`: of all. */
  readonly team: string | null;
  /** How many characters of an hour tell one bar from the next: 13 for hours, 10 for days. */
  readonly bar: 10 | 13;
}

export interface Bar {
  readonly at: string;
  readonly decisions: number;
  readonly refused: number;
}

export interface RuleFigure {
  readonly rule: string;
  readonly severity: string;
  readonly findings: number;
}

export interface InstanceFigure {
  readonly log: string;
  readonly bundle: string;
  readonly decisions: number;
  /** Milliseconds since the epoch. */
  readonly last: number;
}

export interface Figures {
  readonly bars: readonly Bar[];
  readonly statuses: ReadonlyMap<string, number>;
  /** Most findings first. */
  readonly rules: readonly RuleFigure[];
  readonly instances: readonly InstanceFigure[];
  /** Microseconds; `null` where no decision says how long it took. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : 'unknown');

/** Where clause and its values, for a table that is called `d`. */
function where({ from, to, team }: Within): { readonly sql: string; readonly values: readonly Value[] } {
  const ofTeam = team === null ? '' : ' AND d.team = ?';
  return { sql: `d.ts >= ? AND d.ts < ?${ofTeam}`, values: team === null ? [from, to] : [from, to, team] };
}

async function latencyOf(run: Run, within: Within): Promise<Figures['latency']> {
  const { sql, values } = where(within);
  const [row] = await run(
    `SELECT COUNT(*) AS n FROM decisions d WHERE ${sql} AND d.duration_us IS NOT NULL`,
    values,
  );
  const count = Number(row?.['n'] ?? 0);
  if (count === 0) return null;
  const at = async (share: number): Promise<number> => {
    const [found] = await run(
      `SELECT d.duration_us AS us FROM decisions d WHERE ${sql} AND d.duration_us IS NOT NULL ORDER BY d.duration_us LIMIT 1 OFFSET ?`,
      [...values, Math.min(count - 1, Math.floor(count * share))],
    );
    return Number(found?.['us']);
  };
  return { p50: await at(0.5), p95: await at(0.95), p99: await at(0.99) };
}

/** All of it, as of one moment. */
export function figuresOf(database: Database, within: Within): Promise<Figures> {
  const { sql, values } = where(within);
  return database.transaction(async (run) => {
    const bars = await run(
      `SELECT substr(d.hour, 1, ${within.bar}) AS at, COUNT(*) AS n, SUM(1 - d.is_valid) AS refused
        FROM decisions d WHERE ${sql} GROUP BY substr(d.hour, 1, ${within.bar}) ORDER BY 1`,
      values,
    );
    const statuses = await run(
      `SELECT d.status AS status, COUNT(*) AS n FROM decisions d WHERE ${sql} GROUP BY d.status`,
      values,
    );
    const rules = await run(
      `SELECT v.rule AS rule, MAX(v.severity) AS severity, COUNT(*) AS n FROM violations v
        JOIN decisions d ON d.decision_id = v.decision_id WHERE ${sql} GROUP BY v.rule ORDER BY 3 DESC, 1`,
      values,
    );
    const instances = await run(
      `SELECT d.log AS log, d.bundle_digest AS bundle, COUNT(*) AS n, MAX(d.ts) AS last
        FROM decisions d WHERE ${sql} GROUP BY d.log, d.bundle_digest ORDER BY 4 DESC LIMIT 200`,
      values,
    );
    return {
      bars: bars.map(({ at, n, refused }) => ({
        at: text(at),
        decisions: Number(n),
        refused: Number(refused),
      })),
      statuses: new Map(statuses.map(({ status, n }) => [text(status), Number(n)])),
      rules: rules.map(({ rule, severity, n }) => ({
        rule: text(rule),
        severity: text(severity),
        findings: Number(n),
      })),
      instances: instances.map(({ log, bundle, n, last }) => ({
        log: text(log),
        bundle: bundle === null ? 'none' : text(bundle),
        decisions: Number(n),
        last: Number(last),
      })),
      latency: await latencyOf(run, within),
    };
  });
}
