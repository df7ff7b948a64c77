/** A thread of `validate-batch`: loads the bundle for itself, then answers blocks in order. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Block } from './blocks.ts';
import { openDecider } from './decide.ts';
import type { BatchSetup } from './decide.ts';
import type { Answer } from './pool.ts';

const decider = openDecider(workerData as BatchSetup);
// Answered with each block; without this an early refusal would end the process.
decider.catch(() => undefined);

async function answer(block: Block): Promise<Answer> {
  try {
    return { result: (await decider)(block) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

let queue: Promise<void> = Promise.resolve();
parentPort?.on('message', (block: Block) => {
  queue = queue.then(async () => parentPort?.postMessage(await answer(block)));
});
