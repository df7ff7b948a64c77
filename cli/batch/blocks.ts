/** Files become blocks of plans: what one thread takes at a time. */
import { UsageError } from '../../bundles/failure.ts';
import type { Io } from '../terminal/io.ts';
import { reasonOf } from '../terminal/reasons.ts';
import type { Carrying } from '../../workers/threads.ts';
import { markLength } from '../../plans/each-plan.ts';
import type { Part } from '../../plans/each-plan.ts';
import type { PlanFile } from './files.ts';
import { CHUNK_BYTES, Memory } from './memory.ts';
import { isBlank, MAX_PLAN_BYTES, splitArray, splitLines } from '../../plans/split.ts';

export interface Block extends Carrying {
  readonly parts: readonly Part[];
  /** Bytes of the files that this block took. */
  readonly size: number;
}

/** Less than a chunk, so that what a chunk holds goes out before the next one is read. */
const BLOCK_BYTES = CHUNK_BYTES / 2;
const BLOCK_PARTS = 512;

/**
 * @param options - `memory`: what the files are read into; blocks say in `buffers` what of it is theirs. `isWhole`: a file
 *   is one part, whatever it holds
 * @throws UsageError never for what a file holds, only for a command line that names the input twice
 */
export async function* blocksOf(
  files: AsyncIterable<PlanFile>,
  io: Io,
  { memory = new Memory(), isWhole = false }: { readonly memory?: Memory; readonly isWhole?: boolean } = {},
): AsyncGenerator<Block> {
  let parts: Part[] = [];
  let size = 0;
  const block = (): Block => {
    const buffers = new Set(parts.map(({ bytes }) => bytes.buffer).filter((buffer) => memory.owns(buffer)));
    return { parts, size, buffers: [...buffers] };
  };
  for await (const file of files) {
    for await (const part of partsOf(file, io, { memory, isWhole })) {
      parts.push(part);
      size += part.bytes.length;
      if (size < BLOCK_BYTES && parts.length < BLOCK_PARTS) continue;
      yield block();
      parts = [];
      size = 0;
    }
  }
  if (parts.length > 0) yield block();
}

async function* partsOf(
  { name: file, path, problem: unread }: PlanFile,
  io: Io,
  { memory, isWhole }: { readonly memory: Memory; readonly isWhole: boolean },
): AsyncGenerator<Part> {
  if (unread !== undefined) {
    yield { file, kind: 'whole', at: 0, bytes: Buffer.alloc(0), problem: unread };
    return;
  }
  try {
    const { shape, all } = await sniff(path === '-' ? standardInput(io) : memory.read(path), file, memory);
    if (isWhole) yield await whole(file, all);
    else if (shape === 'lines') {
      for await (const { line, ...rest } of splitLines(all)) yield { file, kind: 'lines', at: line, ...rest };
    } else if (shape === 'array') {
      for await (const { index, ...rest } of splitArray(all))
        yield { file, kind: 'element', at: index, ...rest };
    } else if (shape === 'whole') yield await whole(file, all);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const problem =
      error instanceof Error && 'code' in error ? reasonOf(error as NodeJS.ErrnoException) : String(error);
    yield { file, kind: 'whole', at: 0, bytes: Buffer.alloc(0), problem };
  }
}

async function* standardInput(io: Io): AsyncGenerator<Uint8Array> {
  if (io.stdinStream) yield* io.stdinStream();
  else yield await io.stdin();
}

type Shape = 'lines' | 'array' | 'whole' | 'nothing';

/**
 * How a file holds plans, by its name or by how it begins: an array, several lines that are JSON each, or one
 * plan. A stream that begins with a line of JSON is lines, for its rest may not be there yet.
 */
async function sniff(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  memory: Memory,
): Promise<{ shape: Shape; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let begin = Buffer.alloc(0);
  // Until something is there to judge by: a slow producer may send blanks, or a byte, at a time.
  for (;;) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(Buffer.from(next.value));
    if (memory.owns(next.value.buffer)) memory.give([next.value.buffer]);
    begin = Buffer.concat(first);
    if (begin.includes(0x0a) || begin.length >= CHUNK_BYTES) {
      if (!begin.every(isBlank)) break;
    }
  }
  const all = (async function* (): AsyncGenerator<Uint8Array> {
    yield begin;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
  const mark = markLength(begin);
  const lead = begin.findIndex((byte, at) => at >= mark && !isBlank(byte));
  if (lead < 0) return { shape: file === 'stdin' || isJsonLines(file) ? 'nothing' : 'whole', all };
  if (isJsonLines(file)) return { shape: 'lines', all };
  if (begin[lead] === 0x5b) return { shape: 'array', all };
  const end = begin.indexOf(0x0a, lead);
  const more = end >= 0 && (file === 'stdin' || begin.subarray(end).some((byte) => !isBlank(byte)));
  return { shape: more && isJson(begin.subarray(lead, end)) ? 'lines' : 'whole', all };
}

const isJsonLines = (file: string): boolean => /\.(jsonl|ndjson)$/i.test(file);

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

async function whole(file: string, chunks: AsyncIterable<Uint8Array>): Promise<Part> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_PLAN_BYTES) {
      const problem = `it is larger than ${MAX_PLAN_BYTES} bytes`;
      return { file, kind: 'whole', at: 0, bytes: Buffer.alloc(0), problem };
    }
    held.push(chunk);
  }
  return { file, kind: 'whole', at: 0, bytes: Buffer.concat(held) };
}
