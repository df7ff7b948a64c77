/** A database by its address. */
import type { Database } from './database.ts';
import { DatabaseError } from './errors.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Durability } from './sqlite.ts';

/**
 * Opens a database.
 *
 * @param url - `sqlite:/var/lib/plan-lint/results.db`, or `postgres://…`
 * @param durability - of a file; a server has its own
 * @throws DatabaseError `database_url_invalid`, `database_driver_missing`
 */
export function openDatabase(url: string, durability?: Durability): Promise<Database> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), durability);
  if (/^postgres(?:ql)?:\/\//.test(url)) return openPostgres(url);
  throw new DatabaseError('database_url_invalid');
}
