/** Work in threads, or in place where threads would not pay. */
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** A question or answer with memory that goes along: it is handed over, not copied, and gone from where it was. */
export interface Carrying {
  readonly buffers?: readonly ArrayBuffer[];
}

/** Answer questions, several at a time. */
export interface Threads<Q, A> {
  readonly jobs: number;
  /** Hands a question to a thread that has little to do; `undefined` where all others have enough. */
  hand(question: Q): Promise<A> | undefined;
  /** Answers in this thread. */
  here(question: Q): Promise<A>;
  close(): Promise<void>;
}

// Sources run as they are only in tests, where a thread could not read TypeScript.
const RUNS_SOURCES = import.meta.url.endsWith('.ts');

export const defaultJobs = (): number => (RUNS_SOURCES ? 1 : availableParallelism());

/** Questions that wait for a thread: one that it answers, and one for when it has. */
const AHEAD = 2;

/**
 * This thread is one of them: it answers when the others have enough to do. So nothing is started for one thread.
 *
 * @param script - a built file that calls `answerQuestions`; each thread gets a copy of `setup`
 * @param here - answers in place
 */
export function openThreads<S, Q, A>(
  jobs: number,
  script: URL,
  setup: S,
  here: (question: Q) => A | Promise<A>,
): Threads<Q, A> {
  const others = RUNS_SOURCES ? 0 : Math.max(jobs - 1, 0);
  const threads = Array.from({ length: others }, () => new Thread<Q, A>(script, setup));
  return {
    jobs: others + 1,
    hand: (question) => {
      let idlest = threads[0];
      for (const thread of threads) if (idlest && thread.waiting < idlest.waiting) idlest = thread;
      return idlest && idlest.waiting < AHEAD ? idlest.ask(question) : undefined;
    },
    here: async (question) => here(question),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** Answers that may wait for an earlier one: enough to go on while a thread starts. */
const MOST_WAITING = 32;

/** Asks one question after the other, as many at a time as keep the threads busy; answers come in that order. */
export async function* inOrder<Q, A>(
  questions: AsyncIterable<Q> | Iterable<Q>,
  threads: Threads<Q, A>,
): AsyncGenerator<readonly [Q, A]> {
  const underway: { readonly question: Q; readonly answer: Promise<A>; done: boolean }[] = [];
  const most = threads.jobs * AHEAD + MOST_WAITING;
  for await (const question of questions) {
    const handed = threads.hand(question);
    const asked = { question, answer: handed ?? threads.here(question), done: false };
    const done = (): void => void (asked.done = true);
    // Awaited in order below; one that fails meanwhile must not end the process.
    const settled = asked.answer.then(done, done);
    underway.push(asked);
    if (!handed) await settled;
    // Questions may come without one turn of the event loop, and in it we hear of the others' answers.
    if (threads.jobs > 1) await setImmediate();
    for (let first = underway[0]; first && (first.done || underway.length >= most); first = underway[0]) {
      underway.shift();
      yield [first.question, await first.answer];
    }
  }
  for (const { question, answer } of underway) yield [question, await answer];
}

function buffersOf(message: unknown): readonly ArrayBuffer[] {
  return typeof message === 'object' && message !== null ? ((message as Carrying).buffers ?? []) : [];
}

type Answer<A> = { readonly result: A } | { readonly error: string };

interface Waiting<A> {
  readonly resolve: (result: A) => void;
  readonly reject: (error: Error) => void;
}

class Thread<Q, A> {
  readonly #worker: Worker;
  /** A thread answers in the order it was asked. */
  readonly #asked: Waiting<A>[] = [];

  constructor(script: URL, setup: unknown) {
    this.#worker = new Worker(script, { workerData: setup });
    this.#worker.on('message', (answer: Answer<A>) => {
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

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(question, buffersOf(question));
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A thread's whole work: to open with the setup it was given, then to answer questions in order. */
export function answerQuestions<S, Q, A>(open: (setup: S) => Promise<(question: Q) => A | Promise<A>>): void {
  const opened = open(workerData as S);
  // Answered with each question; without this an early refusal would end the process.
  opened.catch(() => undefined);
  const answer = async (question: Q): Promise<Answer<A>> => {
    try {
      return { result: await (await opened)(question) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
  let queue: Promise<void> = Promise.resolve();
  parentPort?.on('message', (question: Q) => {
    queue = queue.then(async () => {
      const answered = await answer(question);
      parentPort?.postMessage(answered, 'result' in answered ? buffersOf(answered.result) : []);
    });
  });
}
