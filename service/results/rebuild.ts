/** A results database that was lost, or is to be another: filled anew from the files of the log. */
import { AuditReader, BEGINNING } from '../audit/reader.ts';
import type { Database } from './database.ts';
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
  const reader = new AuditReader({ path, from: before.seq === 0 ? BEGINNING : before });
  let lines = 0;
  let missed = 0;
  try {
    for (;;) {
      const batch = await reader.next();
      const after = batch.lines.at(-1)?.position;
      if (!after && batch.unreadable > 0) continue;
      if (!after) return { lines, missed };
      if (batch.gap) missed += batch.gap.to - batch.gap.from + 1;
      await writeLines(database, { log, before, lines: batch.lines, after });
      before = after;
      lines += batch.lines.length;
    }
  } finally {
    await reader.close();
  }
}
