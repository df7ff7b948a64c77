import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { bothSay } from './agree.ts';
import { asked, policyFiles } from './catalog.ts';

it('emitted code says of every plan what the oracle says', async () => {
  await fc.assert(
    fc.asyncProperty(policyFiles, fc.array(asked, { minLength: 20, maxLength: 20 }), async (files, plans) => {
      const compiled = await compileMemory(files);
      const bundle = await bundleOf(compiled);
      for (const one of plans) {
        const { actual, expected } = bothSay(compiled, bundle, one);
        expect(actual).toEqual(expected);
      }
    }),
    { numRuns: 300, seed: 20261122 },
  );
  // Five hundred compilers and ten thousand plans take a busy machine a while.
}, 600_000);
