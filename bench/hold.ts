import type { Engine, Prepared } from './engine.ts';
import { oracle } from './oracle.ts';
import type { Plan, Workload } from './workload.ts';

/**
 * Makes an engine ready and holds it to the oracle: nothing is measured that decides otherwise.
 *
 * @throws Error with the first plan on which they differ
 */
export async function hold(engine: Engine, workload: Workload, plans: readonly Plan[]): Promise<Prepared> {
  const prepared = await engine.prepare(workload);
  const wording = engine.wording?.(workload) ?? ((finding: string) => finding);
  for (const [i, plan] of plans.entries()) {
    const expected = [...new Set(oracle(workload, plan).map(wording))].sort().join(' ');
    const found = (await prepared.verdict(plan)).join(' ');
    if (found !== expected) {
      throw new Error(`${engine.name} decides plan ${i} otherwise:\n  ${found}\n  the oracle: ${expected}`);
    }
  }
  return prepared;
}
