/** The results database by its address. */
import type { Database } from './database.ts';
import { ResultsError } from './errors.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/**
 * Opens a database.
 *
 * @param url - `sqlite:/var/lib/plan-lint/results.db`, or `postgres://…`
 * @throws ResultsError `results_url_invalid`, `results_driver_missing`
 */
export function openResults(url: string): Promise<Database> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(?:ql)?:\/\//.test(url)) return openPostgres(url);
  throw new ResultsError('results_url_invalid');
}
