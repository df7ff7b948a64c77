/** Sessions in a database: a file of this process, or a server that several replicas share. */
import { parseJson } from '@plan-lint/runtime/json';
import type { Row } from '../database/database.ts';
import { KeptDatabase } from '../database/kept.ts';
import type { Place } from '../database/place.ts';
import { bytesOf } from './row.ts';
import type { SessionRow, SessionSize, SessionStore } from './row.ts';

const TABLE = 'plan_lint_sessions';
const SCHEMA: readonly string[] = [
  // What is a text of somebody’s is JSON: no database has a NUL in a text, or half a character.
  `CREATE TABLE IF NOT EXISTS ${TABLE} (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    instance text NOT NULL,
    subject text NOT NULL,
    asked_at bigint NOT NULL,
    bytes bigint NOT NULL,
    body text NOT NULL
  )`,
  `CREATE INDEX IF NOT EXISTS ${TABLE}_by_time ON ${TABLE} (asked_at)`,
];

/** Plans nest deeper than other texts of ours. */
const DEPTH = 220;
/** Ids of sessions that are closed at a time. */
const SOME = 500;

export interface DatabaseStoreOptions extends Place {
  readonly onProblem: (error: unknown) => void;
}

function bodyOf({ kind, entry, digest, context, plan, snapshot }: SessionRow): string {
  return JSON.stringify({ kind, entry, digest, context, plan, snapshot });
}

function rowOf(row: Row): SessionRow {
  return {
    ...(parseJson(String(row['body']), DEPTH) as unknown as SessionRow),
    id: String(row['id']),
    version: Number(row['version']),
    instance: String(row['instance']),
    subject: parseJson(String(row['subject'])) as string,
    askedAt: Number(row['asked_at']),
  };
}

export class DatabaseStore implements SessionStore {
  readonly isShared: boolean;
  readonly #kept: KeptDatabase;

  constructor({ open, isShared, onProblem }: DatabaseStoreOptions) {
    this.isShared = isShared;
    this.#kept = new KeptDatabase({ open, schema: SCHEMA, unavailable: 'sessions_unavailable', onProblem });
  }

  async insert(row: SessionRow): Promise<void> {
    const { id, version, instance, subject, askedAt } = row;
    await this.#kept.within((run) =>
      run(
        `INSERT INTO ${TABLE} (id, version, instance, subject, asked_at, bytes, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [id, version, instance, JSON.stringify(subject), askedAt, bytesOf(row), bodyOf(row)],
      ),
    );
  }

  async read(id: string): Promise<SessionRow | null> {
    const [row] = await this.#kept.within((run) => run(`SELECT * FROM ${TABLE} WHERE id = ?`, [id]));
    return row ? rowOf(row) : null;
  }

  async versionOf(id: string): Promise<number | null> {
    const [row] = await this.#kept.within((run) => run(`SELECT version FROM ${TABLE} WHERE id = ?`, [id]));
    return row ? Number(row['version']) : null;
  }

  async swap(row: SessionRow): Promise<boolean> {
    const { id, version, askedAt } = row;
    const changed = await this.#kept.within((run) =>
      run(
        `UPDATE ${TABLE} SET version = ?, asked_at = ?, bytes = ?, body = ? WHERE id = ? AND version = ? RETURNING id`,
        [version, askedAt, bytesOf(row), bodyOf(row), id, version - 1],
      ),
    );
    return changed.length === 1;
  }

  async remove({ id, version }: Pick<SessionRow, 'id' | 'version'>): Promise<boolean> {
    const removed = await this.#kept.within((run) =>
      run(`DELETE FROM ${TABLE} WHERE id = ? AND version = ? RETURNING id`, [id, version]),
    );
    return removed.length === 1;
  }

  async idleSince(instant: number): Promise<readonly string[]> {
    const rows = await this.#kept.within((run) =>
      run(`SELECT id FROM ${TABLE} WHERE asked_at < ? ORDER BY asked_at LIMIT ${SOME}`, [instant]),
    );
    return rows.map((row) => String(row['id']));
  }

  async begunBy(instance: string): Promise<readonly SessionSize[]> {
    const rows = await this.#kept.within((run) =>
      run(`SELECT id, subject, bytes FROM ${TABLE} WHERE instance = ?`, [instance]),
    );
    return rows.map(({ id, subject, bytes }) => ({
      id: String(id),
      subject: parseJson(String(subject)) as string,
      bytes: Number(bytes),
    }));
  }

  close(): Promise<void> {
    return this.#kept.close();
  }
}
