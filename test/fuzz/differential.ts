import fc from 'fast-check';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { bothSay } from '../differential/agree.ts';
import { asked as question, policyFiles } from '../differential/catalog.ts';

/** Plans a policy is asked about. */
export const PLANS = 100;

/** Random policies, each signed, loaded and asked about 100 random plans; throws with a shrunken example where the oracle disagrees. */
export async function fuzzDifferential(seed: number, pairs: number): Promise<number> {
  const numRuns = Math.ceil(pairs / PLANS);
  const plans = fc.array(question, { minLength: PLANS, maxLength: PLANS });
  await fc.assert(
    fc.asyncProperty(policyFiles, plans, async (files, asked) => {
      const compiled = await compileMemory(files);
      const bundle = await bundleOf(compiled);
      for (const one of asked) {
        const { actual, expected } = bothSay(compiled, bundle, one);
        const [got, want] = [JSON.stringify(actual), JSON.stringify(expected)];
        if (got !== want)
          throw new Error(`emitted code says ${got}, the oracle ${want}, of ${JSON.stringify(one)}`);
      }
    }),
    { numRuns, seed },
  );
  return numRuns * PLANS;
}
