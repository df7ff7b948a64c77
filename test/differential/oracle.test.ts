import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { disagreement } from './agree.ts';
import { asked, policyFiles } from './catalog.ts';

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
