/** One piece of work in a thread of its own, with a deadline: what spins there stops nobody. */
import { Worker } from 'node:worker_threads';

/** Sources run as they are only in tests, where a thread could not read TypeScript. */
const RUNS_SOURCES = import.meta.url.endsWith('.ts');

/** A module of work: `work` answers a question. */
interface Workplace<Q, A> {
  readonly work: (question: Q) => Promise<A>;
}

export class DeadlineError extends Error {}

/**
 * @param script - a file that exports `work` and answers by `answerOnce`
 * @param deadline - milliseconds
 * @throws DeadlineError, or an error with the message of what `work` threw
 */
export async function inWorker<Q, A>(script: URL, question: Q, deadline: number): Promise<A> {
  if (RUNS_SOURCES) return ((await import(script.href)) as Workplace<Q, A>).work(question);
  const worker = new Worker(script, {
    workerData: question,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  try {
    return await new Promise<A>((resolve, reject) => {
      const timer = setTimeout(() => reject(new DeadlineError(`not done within ${deadline} ms`)), deadline);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        then();
      };
      worker.once('message', (answer: Answered<A>) =>
        settle(() => ('result' in answer ? resolve(answer.result) : reject(new Error(answer.error)))),
      );
      worker.once('error', (error) => settle(() => reject(error)));
      worker.once('exit', () => settle(() => reject(new Error('the thread ended'))));
    });
  } finally {
    await worker.terminate();
  }
}

export type Answered<A> = { readonly result: A } | { readonly error: string };
