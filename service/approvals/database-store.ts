/** Approvals in a database: a file of this process, or a server that several replicas share. */
import { parseJson } from '@plan-lint/runtime/json';
import type { Row, Value } from '../database/database.ts';
import { KeptDatabase } from '../database/kept.ts';
import type { Place } from '../database/place.ts';
import type { ApprovalQuery, ApprovalRow, ApprovalState, ApprovalStore } from './row.ts';

const TABLE = 'plan_lint_approvals';
const SCHEMA: readonly string[] = [
  // What is a text of somebody’s is JSON: no database has a NUL in a text, or half a character.
  `CREATE TABLE IF NOT EXISTS ${TABLE} (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    state text NOT NULL,
    subject text NOT NULL,
    team text,
    asked_key text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    body text NOT NULL
  )`,
  `CREATE INDEX IF NOT EXISTS ${TABLE}_by_state ON ${TABLE} (state, created_at, id)`,
  `CREATE INDEX IF NOT EXISTS ${TABLE}_by_key ON ${TABLE} (asked_key)`,
];
const PENDING = `state = 'pending'`;

/** Plans nest deeper than other texts of ours. */
const DEPTH = 220;
/** Approvals that are looked at in one go. */
const SOME = 500;

function rowOf(row: Row): ApprovalRow {
  return {
    ...(parseJson(String(row['body']), DEPTH) as unknown as ApprovalRow),
    id: String(row['id']),
    version: Number(row['version']),
    state: String(row['state']) as ApprovalState,
  };
}

const teamText = (team: string | null): string | null => (team === null ? null : JSON.stringify(team));

export class DatabaseStore implements ApprovalStore {
  readonly #kept: KeptDatabase;

  constructor({ open, onProblem }: Pick<Place, 'open'> & { readonly onProblem: (error: unknown) => void }) {
    this.#kept = new KeptDatabase({ open, schema: SCHEMA, unavailable: 'approvals_unavailable', onProblem });
  }

  async #rows(sql: string, values: readonly Value[]): Promise<readonly ApprovalRow[]> {
    return (await this.#kept.within((run) => run(sql, values))).map(rowOf);
  }

  async waiting(subject: string): Promise<{ readonly all: number; readonly ofOne: number }> {
    const [row] = await this.#kept.within((run) =>
      run(
        `SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN subject = ? THEN 1 ELSE 0 END), 0) AS own FROM ${TABLE} WHERE ${PENDING}`,
        [JSON.stringify(subject)],
      ),
    );
    return { all: Number(row?.['n']), ofOne: Number(row?.['own']) };
  }

  async insert(row: ApprovalRow): Promise<void> {
    const { id, version, state, subject, team, key, createdAt, expiresAt } = row;
    const values = [id, version, state, JSON.stringify(subject), teamText(team), key, createdAt, expiresAt];
    await this.#kept.within((run) =>
      run(
        `INSERT INTO ${TABLE} (id, version, state, subject, team, asked_key, created_at, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [...values, JSON.stringify(row)],
      ),
    );
  }

  async read(id: string): Promise<ApprovalRow | null> {
    const [row] = await this.#rows(`SELECT * FROM ${TABLE} WHERE id = ?`, [id]);
    return row ?? null;
  }

  async lastFor(key: string): Promise<ApprovalRow | null> {
    const [row] = await this.#rows(
      `SELECT * FROM ${TABLE} WHERE asked_key = ? ORDER BY created_at DESC, id DESC LIMIT 1`,
      [key],
    );
    return row ?? null;
  }

  async swap(row: ApprovalRow): Promise<boolean> {
    const { id, version, state } = row;
    const changed = await this.#kept.within((run) =>
      run(`UPDATE ${TABLE} SET version = ?, state = ?, body = ? WHERE id = ? AND version = ? RETURNING id`, [
        version,
        state,
        JSON.stringify(row),
        id,
        version - 1,
      ]),
    );
    return changed.length === 1;
  }

  async remove(id: string): Promise<void> {
    await this.#kept.within((run) => run(`DELETE FROM ${TABLE} WHERE id = ?`, [id]));
  }

  list({ state, team, limit, after }: ApprovalQuery): Promise<readonly ApprovalRow[]> {
    const conditions: { readonly sql: string; readonly values: readonly Value[] }[] = [
      ...(state === null ? [] : [{ sql: 'state = ?', values: [state] }]),
      ...(team === null ? [] : [{ sql: 'team = ?', values: [teamText(team)] }]),
      ...(after === null
        ? []
        : [
            {
              sql: '(created_at > ? OR (created_at = ? AND id > ?))',
              values: [after.createdAt, after.createdAt, after.id],
            },
          ]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`;
    return this.#rows(`SELECT * FROM ${TABLE} ${where} ORDER BY created_at, id LIMIT ?`, [
      ...conditions.flatMap(({ values }) => values),
      limit,
    ]);
  }

  lapsed(instant: number): Promise<readonly ApprovalRow[]> {
    return this.#rows(
      `SELECT * FROM ${TABLE} WHERE ${PENDING} AND expires_at <= ? ORDER BY expires_at LIMIT ${SOME}`,
      [instant],
    );
  }

  async forget(instant: number): Promise<void> {
    await this.#kept.within((run) =>
      run(`DELETE FROM ${TABLE} WHERE NOT ${PENDING} AND expires_at < ?`, [instant]),
    );
  }

  close(): Promise<void> {
    return this.#kept.close();
  }
}
