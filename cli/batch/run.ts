/** The loop of a batch: blocks go out to threads, results come back in order and into the reports. */
import type { Block } from './blocks.ts';
import type { BlockResult } from './decide.ts';
import type { Memory } from './memory.ts';
import type { Output } from './output.ts';
import type { Progress } from '../terminal/progress.ts';
import { inOrder } from '../../workers/threads.ts';
import type { Threads } from '../../workers/threads.ts';
import { addSummary, emptySummary } from '../../decisions/summary.ts';
import type { Summary } from '../../decisions/summary.ts';

const NOTHING = new Uint8Array(0);

export interface Batch {
  readonly blocks: AsyncIterable<Block>;
  readonly threads: Threads<Block, BlockResult>;
  readonly outputs: readonly Output[];
  readonly progress: Progress;
  readonly memory: Memory;
  readonly signal: AbortSignal | undefined;
  /** Files that the blocks leave out; it grows while they are read. */
  readonly passedOver: string[];
}

/** Runs to the end, or to the interruption; the reports are complete either way. */
export async function runBatch(batch: Batch): Promise<Summary> {
  const { blocks, threads, outputs, progress, memory, signal, passedOver } = batch;
  const summary: Summary = { ...emptySummary(), passedOver };
  try {
    for await (const [{ size }, answer] of inOrder(until(blocks, signal), threads)) {
      const { pieces, summary: part } = answer;
      memory.give(answer.memory);
      addSummary(summary, part);
      for (const [i, output] of outputs.entries()) output.write(pieces[i] ?? NOTHING, summary);
      progress.step(size, summary);
    }
    summary.interrupted = signal?.aborted === true;
  } catch (error) {
    summary.interrupted = true;
    throw error;
  } finally {
    finishAll(outputs, summary);
  }
  return summary;
}

/** Each report is finished, whatever becomes of the others. @throws what the first of them throws */
function finishAll(outputs: readonly Output[], summary: Summary): void {
  const failures: unknown[] = [];
  for (const output of outputs) {
    try {
      output.finish(summary);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Ends a sequence when the signal aborts, even while it waits for its next element. */
export async function* until<T>(
  sequence: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (!signal) {
    yield* sequence;
    return;
  }
  const iterator = sequence[Symbol.asyncIterator]();
  for (;;) {
    const next = await nextOrAbort(iterator, signal);
    if (next === null || next.done) return;
    yield next.value;
  }
}

/** Not `Promise.race` with one promise for the whole run: that one would hold on to every block it has seen. */
function nextOrAbort<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T> | null> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(null);
    const end = (): void => resolve(null);
    signal.addEventListener('abort', end, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', end));
  });
}
