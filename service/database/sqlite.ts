/** SQLite: `node:sqlite` where Node has it (22.13 and later), else libsql, which has no native build of its own. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database, Row, Run, Value } from './database.ts';
import { DatabaseError } from './errors.ts';

/** What both drivers have in common; both answer at once. */
interface Connection {
  exec(sql: string): void;
  prepare(sql: string): {
    all(...values: readonly Value[]): unknown[];
    run(...values: readonly Value[]): unknown;
  };
  close(): void;
}

type Open = (path: string) => Connection;

async function nodeSqlite(): Promise<Open | null> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 13)) return null;
  // The name is put together: compilers for older versions of Node do not know it.
  const { DatabaseSync } = (await import(['node', 'sqlite'].join(':'))) as {
    DatabaseSync: new (path: string) => Connection;
  };
  return (path) => new DatabaseSync(path);
}

async function libsql(): Promise<Open | null> {
  try {
    const { default: Libsql } = (await import('libsql')) as unknown as {
      default: new (path: string) => Connection;
    };
    return (path) => new Libsql(path);
  } catch {
    return null;
  }
}

const isQuery = (sql: string): boolean => /^\s*(?:SELECT|WITH)\b|\bRETURNING\b/i.test(sql);

/** What a commit waits for: the kernel has it (a killed process loses nothing), or the disk has it. */
export type Durability = 'written' | 'synced';

/**
 * Opens a database in a file.
 *
 * @throws DatabaseError `database_driver_missing`
 */
export async function openSqlite(path: string, durability: Durability = 'written'): Promise<Database> {
  const open = (await nodeSqlite()) ?? (await libsql());
  if (open === null) throw new DatabaseError('database_driver_missing', 'libsql');
  if (path !== ':memory:') await mkdir(dirname(path), { recursive: true });
  const connection = open(path);
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec(`PRAGMA synchronous = ${durability === 'synced' ? 'FULL' : 'NORMAL'}`);
  connection.exec('PRAGMA busy_timeout = 5000');
  const statements = new Map<string, ReturnType<Connection['prepare']>>();
  const run: Run = (sql, values = []) => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    if (isQuery(sql)) return Promise.resolve(statement.all(...values) as Row[]);
    statement.run(...values);
    return Promise.resolve([]);
  };
  // One connection has one transaction at a time.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    isServer: false,
    transaction<T>(work: (run: Run) => Promise<T>): Promise<T> {
      const done = queue.then(async () => {
        connection.exec('BEGIN IMMEDIATE');
        try {
          const result = await work(run);
          connection.exec('COMMIT');
          return result;
        } catch (error) {
          connection.exec('ROLLBACK');
          throw error;
        }
      });
      queue = done.catch(() => undefined);
      return done;
    },
    async close() {
      await queue;
      connection.close();
    },
  };
}
