import fc from 'fast-check';
import { disagreement } from '../session/agree.ts';
import { plannedRun, runTrace } from '../session/run-traces.ts';
import { sessionPolicy, trace } from '../session/traces.ts';
import { bundleOf, compileMemory, moduleOf } from '../support/decide.ts';

/** Traces a policy is asked: as many of sessions as of runs. Few, for a new policy shows more than another trace of an old one. */
export const TRACES = 100;

/** Random policies, each asked random traces; throws with a shrunken trace where session or run, snapshot and oracle part. */
export async function fuzzSessions(seed: number, traces: number): Promise<number> {
  const policies = Math.ceil(traces / TRACES);
  for (const [i, files] of fc.sample(sessionPolicy, { numRuns: policies, seed }).entries()) {
    const compiled = await compileMemory(files);
    const opened = { policy: (await bundleOf(compiled)).policy(), module: await moduleOf(compiled) };
    const check = (difference: string | null): void => {
      if (difference !== null) throw new Error(`${difference}, of ${files['p.yaml'] ?? ''}`);
    };
    const runs = { numRuns: TRACES / 2, seed: seed + i };
    fc.assert(
      fc.property(trace, (moves) => {
        check(disagreement({ opened, files, moves }));
      }),
      runs,
    );
    fc.assert(
      fc.property(plannedRun, runTrace, (run, moves) => {
        check(disagreement({ opened, files, moves, run }));
      }),
      runs,
    );
  }
  return policies * TRACES;
}
