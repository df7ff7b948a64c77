import fc from 'fast-check';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { disagreement } from '../differential/agree.ts';
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
        const difference = disagreement(compiled, bundle, one);
        if (difference !== null) throw new Error(`${difference}, of ${JSON.stringify(one)}`);
      }
    }),
    { numRuns, seed },
  );
  return numRuns * PLANS;
}
