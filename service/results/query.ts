/** Questions to the results: which decisions, of whom, when. */
import type { Database, Row, Value } from '../database/database.ts';
import { ResultsError } from './errors.ts';

export interface ResultsQuery {
  /** ISO 8601 instants: from (inclusive), to (exclusive). */
  readonly from?: string;
  readonly to?: string;
  readonly user?: string;
  readonly team?: string;
  readonly environment?: string;
  readonly plan_id?: string;
  readonly policy?: string;
  readonly status?: string;
  /** Decisions in which this rule fired. */
  readonly rule?: string;
  /** 1 to 1,000; default 100. */
  readonly limit?: string;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface ResultRow {
  readonly decision_id: string;
  readonly timestamp: string;
  readonly plan_id: string;
  readonly policy: string;
  readonly entry: string | null;
  readonly user: string;
  readonly team: string | null;
  readonly environment: string | null;
  readonly status: string | null;
  readonly is_valid: boolean;
  readonly risk_score: number | null;
  readonly violation_count: number;
  readonly duration_us: number | null;
  readonly bundle: string | null;
  readonly plan_sha256: string | null;
  readonly log: string;
  readonly seq: number;
  readonly violations: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly step_id: string | null;
  }[];
}

export interface ResultsPage {
  /** Newest first. */
  readonly results: readonly ResultRow[];
  /** For `after` of the next page; `null` on the last one. */
  readonly next: string | null;
}

const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;

/** Parameters that a column has to equal. */
const EQUALS = {
  user: '"user"',
  team: 'team',
  environment: 'environment',
  plan_id: 'plan_id',
  policy: 'policy',
  status: 'status',
} as const;
export const QUERY_PARAMETERS = [...Object.keys(EQUALS), 'from', 'to', 'rule', 'limit', 'after'];

interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

function instant(text: string, name: string): number {
  const at = /^\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new ResultsError('results_query_invalid', `\`${name}\` is no instant`);
  return at;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new ResultsError('results_query_invalid', `\`limit\` is from 1 to ${MAX_LIMIT}`);
  return limit;
}

function pageCondition(after: string): Condition {
  const [, ts, id] = /^(\d{1,15})\.(.+)$/s.exec(Buffer.from(after, 'base64url').toString('utf8')) ?? [];
  if (ts === undefined || id === undefined)
    throw new ResultsError('results_query_invalid', '`after` is no `next` of a page');
  return { sql: '(ts < ? OR (ts = ? AND decision_id < ?))', values: [Number(ts), Number(ts), id] };
}

function conditionsOf(query: ResultsQuery): readonly Condition[] {
  const unknown = Object.keys(query).find((name) => !QUERY_PARAMETERS.includes(name));
  if (unknown !== undefined)
    throw new ResultsError('results_query_invalid', `nothing is called \`${unknown}\``);
  const equal = Object.entries(EQUALS).flatMap(([name, column]) => {
    const value = query[name as keyof typeof EQUALS];
    return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }];
  });
  const { from, to, rule, after } = query;
  return [
    ...equal,
    ...(from === undefined ? [] : [{ sql: 'ts >= ?', values: [instant(from, 'from')] }]),
    ...(to === undefined ? [] : [{ sql: 'ts < ?', values: [instant(to, 'to')] }]),
    ...(rule === undefined
      ? []
      : [
          {
            sql: 'EXISTS (SELECT 1 FROM violations v WHERE v.decision_id = decisions.decision_id AND v.rule = ?)',
            values: [rule],
          },
        ]),
    ...(after === undefined ? [] : [pageCondition(after)]),
  ];
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

const resultRow = (row: Row, violations: ResultRow['violations']): ResultRow => ({
  decision_id: String(row['decision_id']),
  timestamp: new Date(Number(row['ts'])).toISOString(),
  plan_id: String(row['plan_id']),
  policy: String(row['policy']),
  entry: textOf(row['entry']),
  user: String(row['user']),
  team: textOf(row['team']),
  environment: textOf(row['environment']),
  status: textOf(row['status']),
  is_valid: Number(row['is_valid']) === 1,
  risk_score: numberOf(row['risk']),
  violation_count: Number(row['violations']),
  duration_us: numberOf(row['duration_us']),
  bundle: textOf(row['bundle_digest']),
  plan_sha256: textOf(row['plan_sha256']),
  log: String(row['log']),
  seq: Number(row['seq']),
  violations,
});

/**
 * Answers a question.
 *
 * @throws ResultsError `results_query_invalid`; Error of the database
 */
export function queryResults(database: Database, query: ResultsQuery): Promise<ResultsPage> {
  const conditions = conditionsOf(query);
  const limit = limitOf(query.limit);
  const where = conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
  return database.transaction(async (run) => {
    const rows = await run(`SELECT * FROM decisions ${where} ORDER BY ts DESC, decision_id DESC LIMIT ?`, [
      ...conditions.flatMap(({ values }) => values),
      limit + 1,
    ]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const isMore = rows.length > limit && last !== undefined;
    const violations = await violationsOf(run, page);
    return {
      results: page.map((row) => resultRow(row, violations.get(String(row['decision_id'])) ?? [])),
      next: isMore
        ? Buffer.from(`${String(last['ts'])}.${String(last['decision_id'])}`).toString('base64url')
        : null,
    };
  });
}

async function violationsOf(
  run: Parameters<Parameters<Database['transaction']>[0]>[0],
  page: readonly Row[],
): Promise<ReadonlyMap<string, ResultRow['violations']>> {
  const found = new Map<string, { rule: string; severity: string; step_id: string | null }[]>();
  if (page.length === 0) return found;
  const ids = page.map((row) => String(row['decision_id']));
  const rows = await run(
    `SELECT * FROM violations WHERE decision_id IN (${ids.map(() => '?').join(', ')}) ORDER BY decision_id, n`,
    ids,
  );
  for (const row of rows) {
    const id = String(row['decision_id']);
    const violation = {
      rule: String(row['rule']),
      severity: String(row['severity']),
      step_id: textOf(row['step_id']),
    };
    found.set(id, [...(found.get(id) ?? []), violation]);
  }
  return found;
}
