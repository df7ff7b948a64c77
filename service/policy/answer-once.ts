/** A thread's whole work: one question, one answer. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Answered } from './in-worker.ts';

/** Answers where this file is the script of a thread; imported elsewhere it does nothing. */
export function answerOnce<Q, A>(work: (question: Q) => Promise<A>): void {
  if (isMainThread || !parentPort) return;
  const port = parentPort;
  const tell = (answer: Answered<A>): void => port.postMessage(answer);
  work(workerData as Q).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ error: error instanceof Error ? error.message : String(error) }),
  );
}
