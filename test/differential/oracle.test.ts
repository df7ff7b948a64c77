import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layerOf, rulesIn } from '../../compiler/ir/layer.ts';
import { bundleOf, compileMemory } from '../support/decide.ts';
import { bothSay } from './agree.ts';
import { asked, policyFiles } from './catalog.ts';

it('emitted code says of every plan what the oracle says', async () => {
  await fc.assert(
    fc.asyncProperty(policyFiles, fc.array(asked, { minLength: 20, maxLength: 20 }), async (files, plans) => {
      const compiled = await compileMemory(files);
      const bundle = await bundleOf(compiled);
      const rules = rulesIn(compiled.policies.entries[0]?.layer ?? layerOf([]));
      const conditions = rules.flatMap((rule) => (rule.kind === 'pattern' && rule.when ? [rule.id] : []));
      for (const one of plans) {
        const { actual, expected } = bothSay(compiled, bundle, one);
        expect(actual).toEqual(expected);
        // The other interpreter of conditions does not tell an error from what is not known.
        const { actual: now, expected: later } = bothSay(compiled, bundle, one, 'later');
        const isTold = ({ rule }: { rule: string }): boolean => !conditions.includes(rule);
        expect(now.pending.filter(isTold)).toEqual(later.pending.filter(isTold));
        expect(now.findings.filter(isTold)).toEqual(later.findings.filter(isTold));
        if (conditions.length === 0) expect(now).toEqual(later);
      }
    }),
    { numRuns: Number(process.env['ORACLE_RUNS'] ?? 120), seed: 20261122 },
  );
  // `npm run fuzz` asks a million.
}, 600_000);
