/** PostgreSQL, by `pg`. */
import type { Pool, PoolClient } from 'pg';
import type { Database, Row, Run } from './database.ts';
import { DatabaseError } from './errors.ts';

/** How long a connection and a statement may take, milliseconds. */
const PATIENCE = 10_000;

async function poolOf(url: string): Promise<Pool> {
  try {
    const { default: pg } = await import('pg');
    return new pg.Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: PATIENCE,
      statement_timeout: PATIENCE,
      application_name: 'plan-lint',
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      throw new DatabaseError('database_driver_missing', 'pg');
    throw error;
  }
}

/** `?` in the order they come as `$1`, `$2`; our statements hold no other question mark. */
const numbered = (sql: string): string => {
  let count = 0;
  return sql.replaceAll('?', () => `$${(count += 1)}`);
};

async function within<T>(client: PoolClient, work: (run: Run) => Promise<T>): Promise<T> {
  const run: Run = async (sql, values = []) => (await client.query<Row>(numbered(sql), [...values])).rows;
  await client.query('BEGIN');
  try {
    const result = await work(run);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/**
 * Opens a pool of connections; they are made when they are needed, and made anew when the server comes back.
 *
 * @param url - `postgres://user:password@host/database`
 * @throws DatabaseError `database_driver_missing`
 */
export async function openPostgres(url: string): Promise<Database> {
  const pool = await poolOf(url);
  // Of connections that nobody uses at the time; those in use throw where they are used.
  pool.on('error', () => undefined);
  return {
    isServer: true,
    async transaction(work) {
      const client = await pool.connect();
      // A connection that ends between two statements says so to nobody but a listener; without one the process would end.
      const heard = (): void => undefined;
      client.on('error', heard);
      try {
        const result = await within(client, work);
        client.off('error', heard);
        client.release();
        return result;
      } catch (error) {
        // Whatever state it is in: the next one gets another connection.
        client.release(true);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}
