/** Plans whose values are made by their own steps: they are not denied for that, where whoever asks puts it off. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../runtime/evaluate.ts';
import { plansOf, present } from './corpora.ts';
import type { Plan, Step } from './corpora.ts';
import { SEAL, sealPlans, sealPolicy, withValues } from './seal.ts';

describe.skipIf(!present(SEAL))('Seal-Tools', () => {
  let policy: Policy;
  beforeAll(async () => {
    policy = (await sealPolicy()).policy();
  });
  /** Denied although its values may be fine: for its references alone. */
  const forReferences = (plans: readonly Plan[]): readonly string[] =>
    plans
      .filter((plan) => !policy.evaluate(plan, { values: 'later' }).valid && policy.allows(withValues(plan)))
      .map(({ id }) => id);

  it('has 85 plans with references: each is denied now, none of them with values later', () => {
    const plans = sealPlans();
    expect(plans).toHaveLength(85);
    expect(plans.filter((plan) => policy.allows(plan)).map(({ id }) => id)).toEqual([]);
    expect(forReferences(plans)).toEqual([]);
    for (const plan of plans) expect(policy.evaluate(plan, { values: 'later' }).complete).toBe(false);
  });

  it('the text tests and bounds are asked of the values', () => {
    const [plan] = sealPlans();
    if (!plan) throw new Error('no plan');
    const spoilt = JSON.parse(JSON.stringify(plan).replace(/\$\{[^}]*\}/g, '<script>')) as Plan;
    expect(policy.allows(spoilt)).toBe(false);
  });

  it('of 1,000 generated plans with a reference in every third argument none is denied for these alone', () => {
    const known = plansOf(SEAL).flatMap(({ steps }) => steps);
    const ruled = new Set(
      sealPlans().flatMap(({ steps }) =>
        steps.filter((step) => /\$\{/.test(JSON.stringify(step))).map(({ tool }) => tool),
      ),
    );
    const usable = known.filter(({ tool }) => ruled.has(tool));
    let [args, references, pending] = [0, 0, 0];
    const plans = fc
      .sample(
        fc.array(
          fc.tuple(
            fc.constantFrom(...usable),
            fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 8, maxLength: 8 }),
          ),
          { minLength: 2, maxLength: 6 },
        ),
        {
          numRuns: 1_000,
          seed: 13,
        },
      )
      .map((drawn, n): Plan => ({
        id: `drawn-${n}`,
        context: {},
        steps: [
          { id: 's', tool: 'source', args: {} },
          ...drawn.map(([step, choices], i): Step => {
            const entries = Object.entries(step.args).map(([name, value], k): [string, unknown] => {
              args += 1;
              const choice = choices[k % choices.length] ?? 0;
              if (choice > 3) return [name, /\$\{/.test(JSON.stringify(value)) ? 'known' : value];
              references += 1;
              const reference = `\${${i === 0 ? 's' : `s${i - 1}`}.result.x}`;
              return [name, choice === 0 ? `about ${reference}` : reference];
            });
            return { id: `s${i}`, tool: step.tool, args: Object.fromEntries(entries) };
          }),
        ],
      }));
    for (const plan of plans) pending += policy.evaluate(plan, { values: 'later' }).pending.length;
    expect(references / args).toBeGreaterThan(0.3);
    expect(references / args).toBeLessThan(0.37);
    expect(pending).toBeGreaterThan(1_000);
    expect(forReferences(plans)).toEqual([]);
  });
});
