/** Whole lines of a file, from a place in it, in pieces of bounded size. */
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { MAX_LINE_BYTES } from './segments.ts';

/** How much is read at once, bytes. */
const CHUNK = 64 * 1024;

/** A line without its end. */
export interface RawLine {
  readonly text: string;
  /** Where the next line begins, in bytes of what the file holds (uncompressed). */
  readonly end: number;
}

/** What the file ends with, where that is no whole line. */
export interface Tail {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Pieces of an open file, up to what it holds now. */
export async function* chunksOfFile(file: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let at = from; ;) {
    const bytes = Buffer.allocUnsafe(CHUNK);
    const { bytesRead } = await file.read(bytes, 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}

/** Pieces of what a compressed file holds. */
export async function* chunksOfGzip(path: string, from: number): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const unzipped = createGunzip({ chunkSize: CHUNK });
  // A pipe does not hand on what went wrong before it.
  file.on('error', (error) => unzipped.destroy(error));
  file.pipe(unzipped);
  let skip = from;
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      if (skip < chunk.length) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
  } finally {
    file.destroy();
  }
}

/**
 * Whole lines, a batch for each piece.
 *
 * @param from - where the pieces begin, in bytes of what the file holds
 * @param onTail - told of what is left behind the last line end; what is longer than a line may be counts as that, too
 */
export async function* linesIn(
  chunks: AsyncIterable<Buffer>,
  from: number,
  onTail: (tail: Tail) => void = () => undefined,
): AsyncGenerator<readonly RawLine[]> {
  let left: Buffer = Buffer.alloc(0);
  let offset = from;
  for await (const chunk of chunks) {
    const bytes = left.length > 0 ? Buffer.concat([left, chunk]) : chunk;
    const lines: RawLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      lines.push({ text: bytes.toString('utf8', start, end), end: offset + end + 1 });
      start = end + 1;
    }
    left = bytes.subarray(start);
    offset += start;
    if (lines.length > 0) yield lines;
    if (left.length > 2 * MAX_LINE_BYTES) break;
  }
  if (left.length > 0) onTail({ offset, bytes: left });
}

/** All whole lines of a file. */
export async function* readLines(
  file: { readonly path: string; readonly isGzip: boolean },
  onTail?: (tail: Tail) => void,
): AsyncGenerator<readonly RawLine[]> {
  if (file.isGzip) {
    yield* linesIn(chunksOfGzip(file.path, 0), 0, onTail);
    return;
  }
  const handle = await open(file.path, 'r');
  try {
    yield* linesIn(chunksOfFile(handle, 0), 0, onTail);
  } finally {
    await handle.close();
  }
}
