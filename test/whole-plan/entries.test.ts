/** All entries together find what each finds alone, for rules about the whole plan as for those about a step. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Decision } from '../../runtime/contract.ts';
import { policyFile, question } from '../differential/generate.ts';
import { bundleFrom } from '../support/decide.ts';

const shown = (decisions: readonly Decision[]): readonly string[] =>
  [...new Set(decisions.flatMap(({ violations }) => violations.map((each) => JSON.stringify(each))))].sort();

it('find together what each finds alone', async () => {
  let [ofPlans, ofSteps, policies, compiled] = [0, 0, 0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(policyFile, policyFile, policyFile),
      fc.array(question, { minLength: 10, maxLength: 10 }),
      async ([base, a, b], questions) => {
        // An entry that inherits shares its rules about the whole plan with its sibling; another stands alone.
        const named = (text: string, prefix: string): object => {
          const { rules, params } = JSON.parse(text) as {
            rules: readonly { rule: string }[];
            params?: object;
          };
          return { params, rules: rules.map((rule) => ({ ...rule, rule: `${prefix}${rule.rule}` })) };
        };
        const files = {
          'base.yaml': base,
          'one.yaml': JSON.stringify({ extends: 'base.yaml' }),
          'two.yaml': JSON.stringify({ ...named(a, 'two_'), extends: 'base.yaml' }),
          'three.yaml': JSON.stringify(named(b, 'three_')),
        };
        const bundle = await bundleFrom(files).catch(() => null);
        policies += 1;
        if (!bundle) return;
        compiled += 1;
        for (const { plan, ...options } of questions) {
          const alone = bundle.entries.map((name) => bundle.policy(name).evaluate(plan, options));
          const together = bundle.policy().evaluate(plan, options);
          expect(shown([together])).toEqual(shown(alone));
          expect(together.valid).toBe(alone.every(({ valid }) => valid));
          ofSteps += 1;
          ofPlans += new Set(alone.map(({ violations }) => violations.length)).size - 1;
        }
      },
    ),
    { numRuns: 60, seed: 20270105 },
  );
  expect(Math.min(ofSteps, ofPlans)).toBeGreaterThan(100);
  expect(compiled / policies).toBeGreaterThanOrEqual(0.9);
}, 240_000);
