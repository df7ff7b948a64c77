/** A results database that was lost, or is to be another: filled anew from the files of the log. */
import { batchesFrom, BEGINNING } from '../audit/reader.ts';
import type { Database } from '../database/database.ts';
import { createTables, readPosition, writeLines } from './write.ts';

export interface Rebuilt {
  readonly lines: number;
  /** Lines that were removed from the log, and are in no table now. */
  readonly missed: number;
}

/** Reads a log from its beginning into a database that knows nothing of it. A log that is written meanwhile is read up to where it is. */
export async function rebuild(
  database: Database,
  { path, log }: { readonly path: string; readonly log: string },
): Promise<Rebuilt> {
  await createTables(database);
  let before = await readPosition(database, log);
  let lines = 0;
  let missed = 0;
  for await (const batch of batchesFrom(path, before.seq === 0 ? BEGINNING : before)) {
    const after = batch.lines.at(-1)?.position;
    if (!after) continue;
    if (batch.gap) missed += batch.gap.to - batch.gap.from + 1;
    await writeLines(database, { log, before, lines: batch.lines, after });
    before = after;
    lines += batch.lines.length;
  }
  return { lines, missed };
}
