import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleOf, compileMemory } from '../support/decide.ts';

const text = fc
  .string({
    unit: fc.constantFrom(...'ab"\\/\'\n\t\0\x7f<$&', '\u2028', 'é', '\u{1f600}', '\u202e'),
    minLength: 1,
    maxLength: 8,
  })
  .filter((one) => one.trim() !== '');

it('a message shows texts of the policy as JSON does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (texts) => {
      const patterns = [
        { operation: 'not_in', value: texts },
        ...texts.flatMap((value) => [
          { operation: 'not_equals', value },
          { operation: 'not_contains', value, ignore_case: false, normalize: false },
        ]),
      ];
      const rules = patterns.map((pattern, i) => ({ rule: `r${i}`, pattern: { arg: 'x', ...pattern } }));
      const bundle = await bundleOf(await compileMemory({ 'p.yaml': JSON.stringify({ rules }) }));
      const plan = { steps: [{ id: 's', tool: 't', args: { x: 5 } }] };
      const shown = bundle
        .policy()
        .evaluate(plan)
        .violations.map(({ message }) => message);
      expect(shown.length).toBe(rules.length);
      expect(shown[0]).toContain(texts.map((one) => JSON.stringify(one)).join(', '));
      texts.forEach((one, i) => {
        expect(shown[2 * i + 1]).toContain(` ${JSON.stringify(one)}`);
        expect(shown[2 * i + 2]).toContain(` ${JSON.stringify(one)}`);
      });
    }),
    { numRuns: 100 },
  );
});
