/** Work in threads, or in place where threads would not pay. */
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** Answers questions, several at a time. */
export interface Threads<Q, A> {
  readonly jobs: number;
  ask(question: Q): Promise<A>;
  close(): Promise<void>;
}

// Sources run as they are only in tests, where a thread could not read TypeScript.
const RUNS_SOURCES = import.meta.url.endsWith('.ts');

export const defaultJobs = (): number => (RUNS_SOURCES ? 1 : availableParallelism());

/**
 * @param script - a built file that calls `answerQuestions`; each thread gets a copy of `setup`
 * @param here - answers in place; where there is one thread only, none is started
 */
export function openThreads<S, Q, A>(
  jobs: number,
  script: URL,
  setup: S,
  here: (question: Q) => A | Promise<A>,
): Threads<Q, A> {
  if (jobs <= 1 || RUNS_SOURCES) {
    return { jobs: 1, ask: async (question) => here(question), close: () => Promise.resolve() };
  }
  const threads = Array.from({ length: jobs }, () => new Thread<Q, A>(script, setup));
  return {
    jobs,
    ask: (question) => threads.reduce((a, b) => (b.waiting < a.waiting ? b : a)).ask(question),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** Asks one question after the other, as many at a time as keep the threads busy; answers come in that order. */
export async function* inOrder<Q, A>(
  questions: AsyncIterable<Q> | Iterable<Q>,
  threads: Threads<Q, A>,
): AsyncGenerator<readonly [Q, A]> {
  const underway: (readonly [Q, Promise<A>])[] = [];
  for await (const question of questions) {
    const answer = threads.ask(question);
    // Awaited in order below; one that fails meanwhile must not end the process.
    answer.catch(() => undefined);
    underway.push([question, answer]);
    // Two a thread: one to answer while the next is on its way. More would only take memory.
    const first = underway.length >= threads.jobs * 2 ? underway.shift() : undefined;
    if (first) yield [first[0], await first[1]];
  }
  for (const [question, answer] of underway) yield [question, await answer];
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
      this.#worker.postMessage(question);
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
    queue = queue.then(async () => parentPort?.postMessage(await answer(question)));
  });
}
