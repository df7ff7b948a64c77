/** How a log is found at start: where its last whole line ends, and what was cut behind it. */
import { hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { AuditError, isSystemCode } from './errors.ts';
import { EMPTY_LOG, hashOf, readLine, type Head } from './line.ts';
import { readLines } from './read-lines.ts';
import { listSegments, MAX_LINE_BYTES, type Segment } from './segments.ts';

/** Bytes of a line that was being written when the process ended. */
export interface Torn {
  readonly bytes: number;
  /** Of these bytes, lower-case hex. */
  readonly sha256: string;
}

export interface Found {
  readonly head: Head;
  /** Of the file that is to be written: where its whole lines end. */
  readonly length: number;
  /** Number of its first line; 0 where it has none. */
  readonly first: number;
  /** Day of its first line. */
  readonly day: string;
  readonly torn: Torn | null;
}

/** Reads the end of a file, as far back as a line may be long. */
async function endOf(path: string): Promise<{ readonly bytes: Buffer; readonly offset: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const offset = Math.max(0, size - 2 * MAX_LINE_BYTES);
    const bytes = Buffer.alloc(size - offset);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: bytes.subarray(0, filled), offset };
  } finally {
    await file.close();
  }
}

function headOf(text: string, path: string): Head {
  const event = readLine(text);
  if (event === null) throw new AuditError('audit_damaged', `the last line of \`${path}\``);
  return { seq: event.seq, hash: hashOf(`${text}\n`) };
}

/** The last line of a closed segment. */
export async function lastHead(segment: Segment): Promise<Head> {
  let last = '';
  for await (const lines of readLines(segment)) last = lines.at(-1)?.text ?? last;
  return headOf(last, segment.path);
}

/** The day of an instant, UTC. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const NOTHING: Found = { head: EMPTY_LOG, length: 0, first: 0, day: '', torn: null };

/**
 * Looks for the end of a log.
 *
 * @throws AuditError `audit_damaged` where the last whole line is none of a log: nothing is cut that may be evidence
 */
export async function findEnd(path: string): Promise<Found> {
  const { segments } = await listSegments(path);
  const active = segments.find((segment) => segment.path === path);
  const closed = segments.filter((segment) => segment.path !== path).at(-1);
  const size = await stat(path).then(
    (facts) => facts.size,
    (error: unknown) => {
      if (isSystemCode(error, 'ENOENT')) return 0;
      throw error;
    },
  );
  const { bytes, offset } = size > 0 ? await endOf(path) : { bytes: Buffer.alloc(0), offset: 0 };
  const end = bytes.lastIndexOf(10) + 1;
  if (end === 0 && offset > 0) throw new AuditError('audit_damaged', `the last line of \`${path}\``);
  const rest = bytes.subarray(end);
  const torn = rest.length > 0 ? { bytes: rest.length, sha256: hash('sha256', rest, 'hex') } : null;
  if (end === 0) return { ...NOTHING, torn, head: closed ? await lastHead(closed) : EMPTY_LOG };
  if (!active) throw new AuditError('audit_damaged', `the first line of \`${path}\``);
  const start = end < 2 ? 0 : bytes.lastIndexOf(10, end - 2) + 1;
  const head = headOf(bytes.toString('utf8', start, end - 1), path);
  return {
    head,
    length: offset + end,
    first: active.first,
    day: dayOf(active.began),
    torn,
  };
}
