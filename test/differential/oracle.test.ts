import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { disagreement } from './agree.ts';
import { asked, policyFiles } from './catalog.ts';
import { longQuestion, policyFile } from './generate.ts';

it('emitted code says of every plan what the oracle says', async () => {
  await fc.assert(
    fc.asyncProperty(policyFiles, fc.array(asked, { minLength: 20, maxLength: 20 }), async (files, plans) => {
      const compiled = await compileMemory(files);
      const bundle = await bundleOf(compiled);
      for (const one of plans) expect(disagreement(compiled, bundle, one), JSON.stringify(one)).toBe(null);
    }),
    { numRuns: Number(process.env['ORACLE_RUNS'] ?? 120), seed: 20261122 },
  );
  // `npm run fuzz` asks a million.
}, 600_000);

const longFiles = fc.tuple(policyFile, fc.constantFrom(3, 3, 256, 256, 300)).map(([file, limit]) => ({
  'p.yaml': JSON.stringify({ ...(JSON.parse(file) as object), max_steps: limit }),
}));

it('of plans of more than 256 steps a max_steps that denies them answers alone', async () => {
  let alone = 0;
  await fc.assert(
    fc.asyncProperty(longFiles, longQuestion, async (files, one) => {
      const compiled = await compileMemory(files);
      const bundle = await bundleOf(compiled);
      expect(disagreement(compiled, bundle, one)).toBe(null);
      const { violations } = bundle.policy().evaluate(one.plan, { context: one.context, now: one.now });
      if (one.plan.steps.length > 256 && violations.length === 1) alone += 1;
    }),
    { numRuns: 24, seed: 20261128 },
  );
  expect(alone).toBeGreaterThan(4);
}, 60_000);
