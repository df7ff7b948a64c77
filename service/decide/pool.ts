/** Threads that decide, a few for each bundle in use: started when they are first needed, ended when their bundle is gone. */
import type { Bundle } from '@plan-lint/runtime';
import { openThreads } from 'plan-lint/workers';
import type { Threads } from 'plan-lint/workers';
import { portable } from '../policy/candidate.ts';
import type { Candidate } from '../policy/candidate.ts';
import type { Slot } from '../policy/slot.ts';
import { decideBlock } from './block.ts';
import type { BlockItem, BlockQuestion } from './block.ts';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const SCRIPT = new URL(`./batch-worker.${EXTENSION}`, import.meta.url);

type Items = readonly BlockItem[];

/** The threads of one bundle. */
class Pool {
  readonly #bundle: Bundle;
  readonly #threads: Threads<BlockQuestion, Items>;
  readonly #underway = new Set<Promise<unknown>>();
  users = 0;

  constructor({ bundle, candidate }: Slot, jobs: number) {
    this.#bundle = bundle;
    // One more than threads: this one answers requests, and decides no block.
    const given = portable(candidate);
    this.#threads = openThreads<Candidate, BlockQuestion, Items>(jobs + 1, SCRIPT, given, (question) =>
      decideBlock(bundle, question),
    );
  }

  /** A thread knows the trust root that it began with; whether the bundle may still decide is known here alone. */
  async ask(question: BlockQuestion): Promise<Items> {
    const items = await this.#items(question);
    const policy = this.#bundle.policy(question.entry ?? undefined);
    return policy.parts.problem(question.now) ? decideBlock(this.#bundle, question) : items;
  }

  async #items(question: BlockQuestion): Promise<Items> {
    if (this.#threads.jobs === 1) return this.#threads.here(question);
    for (;;) {
      const handed = this.#threads.hand(question);
      if (handed) return this.#follow(handed);
      await Promise.race(this.#underway);
    }
  }

  async #follow(answer: Promise<Items>): Promise<Items> {
    const settled = answer.catch(() => undefined);
    this.#underway.add(settled);
    try {
      return await answer;
    } finally {
      this.#underway.delete(settled);
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}

export class BatchPools {
  readonly #jobs: number;
  readonly #pools = new Map<Slot, Pool>();
  #isClosed = false;

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  /** Blocks that may be decided at a time. */
  get jobs(): number {
    return this.#jobs;
  }

  /** Lends the threads of a bundle to `use`. */
  async with<T>(
    slot: Slot,
    use: (ask: (question: BlockQuestion) => Promise<Items>) => Promise<T>,
  ): Promise<T> {
    const pool = this.#pools.get(slot) ?? new Pool(slot, this.#jobs);
    this.#pools.set(slot, pool);
    pool.users += 1;
    try {
      return await use((question) => pool.ask(question));
    } finally {
      pool.users -= 1;
    }
  }

  /** Ends the threads of bundles that decide no longer, when the last batch with them is done. */
  keepOnly(slots: readonly Slot[]): void {
    for (const [slot, pool] of this.#pools) {
      if (slots.includes(slot) || pool.users > 0) continue;
      this.#pools.delete(slot);
      void pool.close();
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }
}
