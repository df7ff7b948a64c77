/** What `JSON.parse` alone reaches on the lines of a file, in several threads that do nothing else. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface Rate {
  /** Plans a second by the clock on the wall. */
  readonly perSecond: number;
  /** Microseconds of processor time a plan, of all threads together. */
  readonly micros: number;
}

/** @param rounds - how often each thread parses all lines */
export async function parseAlone(file: string, threads: number, rounds: number): Promise<Rate> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL(import.meta.url), { workerData: { file, rounds } }),
  );
  const heard = (): Promise<number[]> =>
    Promise.all(workers.map((worker) => new Promise<number>((done) => worker.once('message', done))));
  try {
    const parsed = (await heard()).reduce((sum, lines) => sum + lines * rounds, 0);
    const ended = heard();
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (const worker of workers) worker.postMessage('start');
    await ended;
    const { user, system } = process.cpuUsage(before);
    return { perSecond: (parsed / (performance.now() - start)) * 1000, micros: (user + system) / parsed };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

if (!isMainThread) {
  const { file, rounds } = workerData as { readonly file: string; readonly rounds: number };
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const parse = (): void => {
    for (const line of lines) JSON.parse(line);
  };
  // Hot before it is timed, as it is for nearly all plans of a long run.
  parse();
  parentPort?.once('message', () => {
    for (let round = 0; round < rounds; round += 1) parse();
    parentPort?.postMessage(0);
  });
  parentPort?.postMessage(lines.length);
}
