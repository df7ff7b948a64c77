/** Every pass keeps the meaning: without any, with each alone and with all, a module says what the oracle says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/3-lower/index.ts';
import { optimize, PASSES } from '../../compiler/4-optimize/index.ts';
import type { Pass } from '../../compiler/4-optimize/index.ts';
import { emit } from '../../compiler/5-emit/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { disagreement } from '../differential/agree.ts';
import { policyFile, question } from '../differential/generate.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';

const CHOICES: readonly (readonly [string, readonly Pass[]])[] = [
  ['no pass', []],
  ...PASSES.map((pass, i): [string, readonly Pass[]] => [`${pass.name} (${i + 1}) alone`, [pass]]),
  ['all passes', PASSES],
];

describe('the module says what the oracle says with', () => {
  it.each(CHOICES)('%s', async (_name, passes) => {
    await fc.assert(
      fc.asyncProperty(
        policyFile,
        fc.array(question, { minLength: 20, maxLength: 20 }),
        async (file, plans) => {
          const compiled = await compileMemory({ 'p.yaml': file });
          const program = lower(compiled.policies, new Diagnostics());
          if (!program) throw new Error('it compiled a moment ago');
          const module = await emit(optimize(program, passes));
          const bundle = await bundleOf({ ...compiled, module });
          for (const one of plans) {
            expect(disagreement(compiled, bundle, one)).toBe(null);
            // The short answer is the long one's.
            const { context, now } = one;
            const { valid } = bundle.policy().evaluate(one.plan, { context, now });
            expect(bundle.policy().allows(one.plan, { context, now })).toBe(valid);
          }
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });
});
