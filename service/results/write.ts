/** Lines of the log as rows: all of a batch and the reader's new position in one transaction, so that each line counts once. */
import { hash } from 'node:crypto';
import type { WrittenEvent } from '../audit/line.ts';
import { BEGINNING, type Position, type ReadLine } from '../audit/reader.ts';
import { parsePosition } from '../sinks/cursor.ts';
import { placeholders, type Database, type Run, type Value } from '../database/database.ts';
import { ResultsError } from './errors.ts';
import { DECISION_COLUMNS, SCHEMA, VIOLATION_COLUMNS } from './schema.ts';

/** Rows of one statement. */
const ROWS = 200;
/** What stands for a subject that was erased. */
export const ERASED = 'erased';

/** Makes the tables that are not there. */
export async function createTables(database: Database): Promise<void> {
  await database.transaction(async (run) => {
    for (const statement of SCHEMA) await run(statement);
  });
}

/** Where a reader stands. */
export function readPosition(database: Database, reader: string): Promise<Position> {
  return database.transaction(async (run) => {
    const [row] = await run('SELECT position FROM cursors WHERE reader = ?', [reader]);
    return row ? parsePosition(String(row['position'])) : BEGINNING;
  });
}

async function insert(
  run: Run,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS) {
    const some = rows.slice(from, from + ROWS);
    await run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${placeholders(some.length, columns.length)} ON CONFLICT DO NOTHING`,
      some.flat(),
    );
  }
}

/** Whether a line is a decision; every such line is one row. */
const isDecision = ({ result }: WrittenEvent): boolean => result !== null;

/** A line without an id of its own is known by its place. */
const idOf = ({ decision_id, seq }: WrittenEvent, log: string): string => decision_id ?? `${log}:${seq}`;

function decisionRow(event: WrittenEvent, log: string): readonly Value[] {
  return [
    idOf(event, log),
    log,
    event.seq,
    Date.parse(event.timestamp),
    event.timestamp.slice(0, 13),
    storable(event.plan_id),
    storable(event.policy_id),
    storable(event.entry),
    storable(event.user),
    storable(event.team),
    storable(event.environment),
    storable(event.status),
    event.result?.is_valid === true ? 1 : 0,
    event.risk_score ?? null,
    event.result?.violation_count ?? 0,
    event.duration_us ?? null,
    event.bundle ?? null,
    event.plan_sha256 ?? null,
  ];
}

/** PostgreSQL has no NUL in a text, and no database a half character. */
function storable(text: string): string;
function storable(text: string | null | undefined): string | null;
function storable(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : text.replaceAll('\0', '\ufffd').toWellFormed();
}

const violationRows = (event: WrittenEvent, log: string): readonly (readonly Value[])[] =>
  (event.result?.violations ?? []).map(({ rule, severity, step_id }, i) => [
    idOf(event, log),
    i + 1,
    storable(rule),
    severity,
    storable(step_id),
  ]);

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Whose rows lose the name: the log says it by the sha256 of the subject. What comes later is the subject's again. */
async function erase(run: Run, subject: string): Promise<void> {
  const users = await run('SELECT DISTINCT "user" FROM decisions');
  for (const { user } of users)
    if (sha256(String(user)) === subject)
      await run(
        `UPDATE decisions SET "user" = '${ERASED}', plan_id = '${ERASED}', plan_sha256 = NULL WHERE "user" = ?`,
        [String(user)],
      );
}

/** Lines up to one that erases a subject, and whom. */
interface Part {
  readonly lines: readonly ReadLine[];
  readonly erases: string | null;
}

function partsOf(lines: readonly ReadLine[]): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const [i, { event }] of lines.entries()) {
    const subject = event.action === 'subject_erased' ? event.detail?.['subject_sha256'] : undefined;
    if (typeof subject !== 'string') continue;
    parts.push({ lines: lines.slice(from, i), erases: subject });
    from = i + 1;
  }
  return [...parts, { lines: lines.slice(from), erases: null }];
}

export interface BatchOfLines {
  /** Name of the log, which the reader is called by, too. */
  readonly log: string;
  readonly before: Position;
  readonly lines: readonly ReadLine[];
  readonly after: Position;
}

/**
 * Writes lines as rows.
 *
 * @throws ResultsError `results_moved` where another reader of this log has been here meanwhile; Error of the database
 */
export function writeLines(database: Database, { log, before, lines, after }: BatchOfLines): Promise<void> {
  return database.transaction(async (run) => {
    await moveCursor(run, { log, before, after });
    for (const { lines: some, erases } of partsOf(lines)) {
      const events = some.map(({ event }) => event).filter(isDecision);
      await insert(
        run,
        'decisions',
        DECISION_COLUMNS,
        events.map((event) => decisionRow(event, log)),
      );
      await insert(
        run,
        'violations',
        VIOLATION_COLUMNS,
        events.flatMap((event) => violationRows(event, log)),
      );
      if (erases !== null) await erase(run, erases);
    }
  });
}

async function moveCursor(run: Run, { log, before, after }: Omit<BatchOfLines, 'lines'>): Promise<void> {
  await run('INSERT INTO cursors (reader, seq, position) VALUES (?, 0, ?) ON CONFLICT DO NOTHING', [
    log,
    JSON.stringify(BEGINNING),
  ]);
  const moved = await run(
    'UPDATE cursors SET seq = ?, position = ? WHERE reader = ? AND seq = ? RETURNING seq',
    [after.seq, JSON.stringify(after), log, before.seq],
  );
  if (moved.length !== 1) throw new ResultsError('results_moved', log);
}

/** Removes decisions from before an instant (milliseconds since the epoch). */
export function removeBefore(database: Database, instant: number): Promise<void> {
  return database.transaction(async (run) => {
    await run(
      'DELETE FROM violations WHERE decision_id IN (SELECT decision_id FROM decisions WHERE ts < ?)',
      [instant],
    );
    await run('DELETE FROM decisions WHERE ts < ?', [instant]);
  });
}
