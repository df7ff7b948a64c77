/** A part of a log for somebody else: its lines as they are, and the checkpoints about them. It verifies like the whole. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { oneLine, parseStatementSeq, readCheckpoints } from './checkpoint.ts';
import { batchesFrom, type ReadLine } from './reader.ts';
import { checkpointsPath } from './segments.ts';

export interface ExportOptions {
  readonly path: string;
  /** File to write; checkpoints go beside it. */
  readonly output: string;
  /** Milliseconds since the epoch: from (inclusive), to (exclusive). The part is whole: no line within is left out. */
  readonly from?: number;
  readonly to?: number;
  /** Replace what is there. */
  readonly force?: boolean;
}

export interface Exported {
  readonly lines: number;
  /** Numbers of the first and last line; `null` where none is in the part. */
  readonly first: number | null;
  readonly last: number | null;
  readonly checkpoints: number;
  /** Text in the log that is no line of it: not exported. */
  readonly unreadable: number;
}

async function* linesWithin(
  { path, from = -Infinity, to = Infinity }: ExportOptions,
  count: (unreadable: number) => void,
): AsyncGenerator<ReadLine> {
  let hasBegun = false;
  for await (const { lines, unreadable } of batchesFrom(path)) {
    count(unreadable);
    for (const line of lines) {
      const at = Date.parse(line.event.timestamp);
      // A clock that went back leaves no hole: from the first line to the first that is too late.
      if (hasBegun && at >= to) return;
      hasBegun ||= at >= from && at < to;
      if (hasBegun) yield line;
    }
  }
}

/** @throws Error with `code` EEXIST where a file is there; of the system */
export async function exportLog(options: ExportOptions): Promise<Exported> {
  const { path, output, force = false } = options;
  if (!force && (await stat(output).catch(() => null)))
    throw Object.assign(new Error('it exists'), { code: 'EEXIST', syscall: 'open', path: output });
  await mkdir(dirname(output), { recursive: true });
  const temp = `${output}.tmp`;
  const file = createWriteStream(temp, { mode: 0o640 });
  let unreadable = 0;
  let lines = 0;
  let first: number | null = null;
  let last: number | null = null;
  try {
    for await (const { text, event } of linesWithin(options, (count) => (unreadable += count))) {
      if (!file.write(`${text}\n`)) await once(file, 'drain');
      first ??= event.seq;
      last = event.seq;
      lines += 1;
    }
    file.end();
    await once(file, 'close');
    await rename(temp, output);
  } catch (error) {
    file.destroy();
    await rm(temp, { force: true });
    throw error;
  }
  const about = (await readCheckpoints(path)).filter((sidecar) => {
    const seq = parseStatementSeq(sidecar);
    return seq !== null && first !== null && last !== null && seq >= first && seq <= last;
  });
  const texts = about.map((sidecar) => oneLine(Buffer.from(sidecar).toString('utf8')));
  await writeFile(checkpointsPath(output), texts.join(''));
  return { lines, first, last, checkpoints: about.length, unreadable };
}
