/**
 * The files of a log: the one that is written (`audit.log`), closed ones of ours (`audit-000000000001.jsonl`, `.gz`), and what
 * logrotate made of it (`audit.log.1`, `audit.log-20261128.gz`). Which file holds what is told by its first line, never by its name.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { isSystemCode } from './errors.ts';
import { readLine } from './line.ts';

export interface Segment {
  readonly path: string;
  /** Number of its first line. */
  readonly first: number;
  /** `prev` of its first line. */
  readonly prev: string;
  readonly isGzip: boolean;
  /** Milliseconds since the epoch: when its first line was written. */
  readonly began: number;
}

/** Longer than any line: the limit of a line, and its end. */
export const MAX_LINE_BYTES = 1 << 20;

const stemOf = (path: string): string => basename(path, extname(path));

/** Where a segment goes when it is closed. */
export function closedPath(path: string, first: number): string {
  return join(dirname(path), `${stemOf(path)}-${String(first).padStart(12, '0')}.jsonl`);
}

/** Where the checkpoints of a log are. */
export const checkpointsPath = (path: string): string =>
  join(dirname(path), `${stemOf(path)}-checkpoints.jsonl`);
/** The last of them, for who copies it away. */
export const lastCheckpointPath = (path: string): string =>
  join(dirname(path), `${stemOf(path)}-checkpoint.sigstore.json`);

const quoted = (text: string): string => text.replaceAll(/[^\w]/g, '\\$&');

/** Whether a name in the directory may be a segment of this log. */
function namesOf(path: string): RegExp {
  const name = quoted(basename(path));
  const ours = `${quoted(stemOf(path))}-\\d{12,}\\.jsonl(?:\\.gz)?`;
  return new RegExp(`^(?:${name}|${ours}|${name}[.-]\\d[\\d.-]*(?:\\.gz)?)$`);
}

/** The first line of a file, without its end; `null` where it has none. */
async function firstLine(path: string, isGzip: boolean): Promise<string | null> {
  const file = createReadStream(path);
  const source: AsyncIterable<Buffer> = isGzip ? file.pipe(createGunzip()) : file;
  // A pipe does not hand on what went wrong before it.
  const failure = new Promise<never>((_, reject) => file.on('error', reject));
  failure.catch(() => undefined);
  const read = async (): Promise<string | null> => {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of source) {
      const at = chunk.indexOf(10);
      chunks.push(at < 0 ? chunk : chunk.subarray(0, at));
      length += chunk.length;
      if (at >= 0) return Buffer.concat(chunks).toString('utf8');
      if (length > MAX_LINE_BYTES) return null;
    }
    return null;
  };
  try {
    return await Promise.race([read(), failure]);
  } finally {
    file.destroy();
  }
}

/** @throws Error of the system: ENOENT where it was moved or compressed since the directory was read */
async function describe(path: string): Promise<Segment | null> {
  const isGzip = path.endsWith('.gz');
  const event = readLine((await firstLine(path, isGzip)) ?? '');
  if (event === null) return null;
  return { path, first: event.seq, prev: event.prev, isGzip, began: Date.parse(event.timestamp) };
}

/** How often a directory is read again in which files move. */
const ATTEMPTS = 10;

export interface Listing {
  /** By their first line, ascending; a segment that is there plain and compressed is there once. */
  readonly segments: readonly Segment[];
  /** Files that are named like a segment, and begin with no line of a log. */
  readonly unreadable: readonly string[];
}

/**
 * Looks for the files of a log.
 *
 * @param path - of the file that is written
 * @throws Error of the system where the directory cannot be read
 */
export async function listSegments(path: string): Promise<Listing> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await listOnce(path);
    } catch (error) {
      // A file that moved meanwhile is there under another name: without it the list would have a hole.
      if (left === 0 || !isSystemCode(error, 'ENOENT') || !(await isThere(dirname(path)))) throw error;
    }
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function listOnce(path: string): Promise<Listing> {
  const isName = namesOf(path);
  const directory = dirname(path);
  const names = (await readdir(directory)).filter((name) => isName.test(name)).sort();
  const found = new Map<number, Segment>();
  const unreadable: string[] = [];
  for (const name of names) {
    const file = join(directory, name);
    const segment = await describe(file).catch((error: unknown) => {
      if (isSystemCode(error, 'ENOENT')) throw error;
      return null;
    });
    if (segment === null) {
      if (!(await isEmpty(file))) unreadable.push(file);
      continue;
    }
    // Compressed after the plain one in the order of names: the plain one stays, it is read faster.
    if (!found.has(segment.first)) found.set(segment.first, segment);
  }
  const segments = [...found.values()].sort((a, b) => a.first - b.first);
  return { segments, unreadable };
}

async function isEmpty(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return true;
  try {
    return (await file.stat()).size === 0;
  } finally {
    await file.close();
  }
}
