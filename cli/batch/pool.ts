/** Decides blocks in threads, or in place where threads would not pay. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { openDecider } from './decide.ts';
import type { BatchSetup, BlockResult } from './decide.ts';
import type { Block } from './blocks.ts';

export interface Pool {
  readonly jobs: number;
  decide(block: Block): Promise<BlockResult>;
  close(): Promise<void>;
}

/** What a thread answers. */
export type Answer = { readonly result: BlockResult } | { readonly error: string };

// Sources run as they are only in tests, where a thread could not read TypeScript.
const RUNS_SOURCES = import.meta.url.endsWith('.ts');

export const defaultJobs = (): number => (RUNS_SOURCES ? 1 : availableParallelism());

/** @throws BundleError where the bundle may not be loaded: it is loaded here first, to be refused once */
export async function openPool(setup: BatchSetup, jobs: number): Promise<Pool> {
  const decide = await openDecider(setup);
  if (jobs <= 1 || RUNS_SOURCES) {
    return { jobs: 1, decide: (block) => Promise.resolve(decide(block)), close: () => Promise.resolve() };
  }
  const threads = Array.from({ length: jobs }, () => new Thread(setup));
  return {
    jobs,
    decide: (block) => threads.reduce((a, b) => (b.waiting < a.waiting ? b : a)).decide(block),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

interface Waiting {
  readonly resolve: (result: BlockResult) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  readonly #worker: Worker;
  /** A thread answers in the order it was asked. */
  readonly #asked: Waiting[] = [];

  constructor(setup: BatchSetup) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
    this.#worker.on('message', (answer: Answer) => {
      const waiting = this.#asked.shift();
      if ('result' in answer) waiting?.resolve(answer.result);
      else waiting?.reject(new Error(answer.error));
    });
    const fail = (error: Error): void => {
      for (const waiting of this.#asked.splice(0)) waiting.reject(error);
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', () => fail(new Error('a worker thread ended')));
  }

  get waiting(): number {
    return this.#asked.length;
  }

  decide(block: Block): Promise<BlockResult> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(block);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
