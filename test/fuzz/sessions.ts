import fc from 'fast-check';
import { disagreement } from '../session/agree.ts';
import { sessionPolicy, trace } from '../session/traces.ts';
import { bundleOf, compileMemory, moduleOf } from '../support/decide.ts';

/** Traces a policy is asked. */
export const TRACES = 100;

/** Random policies, each asked 100 random traces; throws with a shrunken trace where session, snapshot and oracle part. */
export async function fuzzSessions(seed: number, traces: number): Promise<number> {
  const numRuns = Math.ceil(traces / TRACES);
  for (const [i, files] of fc.sample(sessionPolicy, { numRuns, seed }).entries()) {
    const compiled = await compileMemory(files);
    const opened = { policy: (await bundleOf(compiled)).policy(), module: await moduleOf(compiled) };
    fc.assert(
      fc.property(trace, (moves) => {
        const difference = disagreement(opened, files, moves);
        if (difference !== null) throw new Error(`${difference}, of ${files['p.yaml'] ?? ''}`);
      }),
      { numRuns: TRACES, seed: seed + i },
    );
  }
  return numRuns * TRACES;
}
