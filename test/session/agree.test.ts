import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleOf, compileMemory, moduleOf } from '../support/decide.ts';
import { disagreement } from './agree.ts';
import { plannedRun, runTrace } from './run-traces.ts';
import { sessionPolicy, trace } from './traces.ts';

/** The long run is `npm run fuzz -- --only sessions`. */
it('session or run, the same taken up anew at every move, and oracle agree on random traces', async () => {
  for (const files of fc.sample(sessionPolicy, { numRuns: 4, seed: 17 })) {
    const compiled = await compileMemory(files);
    const opened = { policy: (await bundleOf(compiled)).policy(), module: await moduleOf(compiled) };
    const runs = { numRuns: 12, seed: 17 };
    fc.assert(
      fc.property(trace, (moves) => {
        expect(disagreement({ opened, files, moves })).toBeNull();
      }),
      runs,
    );
    fc.assert(
      fc.property(plannedRun, runTrace, (run, moves) => {
        expect(disagreement({ opened, files, moves, run })).toBeNull();
      }),
      runs,
    );
  }
});
