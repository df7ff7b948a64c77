/** Work that is counted, not timed: how many blocks of code were run. The same on every machine, and under any load. */
import { Session } from 'node:inspector';

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

export interface WorkCounter {
  /** Blocks of emitted modules run since it was last asked: calls, turns of loops, branches. What engines do inside, in expressions above all, is not counted. */
  readonly blocks: () => number;
}

/**
 * Counts while `run` runs, of modules that are loaded meanwhile. The engine does not optimise as usual, so it takes some times as long.
 */
export async function counting<Result>(run: (counter: WorkCounter) => Promise<Result>): Promise<Result> {
  const session = new Session();
  session.connect();
  // Answers come before `post` returns: the session is on this thread.
  const ask = (method: string, params: object = {}): unknown => {
    let answer: unknown;
    session.post(method, params, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  };
  try {
    ask('Profiler.enable');
    ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return await run({ blocks: () => sumOf(ask('Profiler.takePreciseCoverage') as Coverage) });
  } finally {
    ask('Profiler.stopPreciseCoverage');
    ask('Profiler.disable');
    session.disconnect();
  }
}

function sumOf({ result }: Coverage): number {
  let sum = 0;
  for (const { url, functions } of result) {
    if (!url.startsWith('data:')) continue;
    for (const { ranges } of functions) for (const { count } of ranges) sum += count;
  }
  return sum;
}
