/** No plan of 2 MB is more work than one plan may take: blocks of code are counted, what is read in the report too. */
import { describe, expect, it } from 'vitest';
import { plansOfGraphs } from '../../bench/hostile-graphs.ts';
import { MOST_BYTES, plansOfTexts, plansOfValues } from '../../bench/hostile-plans.ts';
import type { HostilePlan } from '../../bench/hostile-plans.ts';
import { POLICIES } from '../../bench/hostile-policies.ts';
import { counting } from '../support/counted-work.ts';
import { bundleFrom } from '../support/decide.ts';

/** Blocks, of deciding and of putting into words. A block is some nanoseconds. */
const MOST_BLOCKS = 20_000_000;

/** Those that were slowest before work was bounded, and one of each arrangement. */
const SAMPLE =
  /^(?:references, different: short texts, (?:each|eight)|letters: (?:short texts, (?:each|in a list)|names of members)|letters drawn like others: names of arguments|numbers with many|large numbers|words at the bottom|different tools of one|9990 steps, keys a reference, tools half|1111 steps wait for the one before, handlers none|9990 steps wait for anything, handlers back)/;

const plansFor = (name: string, tool: string): readonly HostilePlan[] =>
  [
    ...(name.startsWith('whole plan') ? [...plansOfGraphs(1_111), ...plansOfGraphs(9_990)] : []),
    ...plansOfTexts(tool),
    ...plansOfValues(tool),
  ].filter((plan) => SAMPLE.test(plan.name));

describe.each(['whole plan', 'tests of any text'])('against %s', (name) => {
  it('each is decided and told within the bound', async () => {
    const policyText = POLICIES.find((one) => one.name === name);
    if (!policyText) throw new Error(`no policy ${name}`);
    const { files, tool } = policyText;
    const context = { values: Array.from({ length: 64 }, (_, i) => `${'a'.repeat(500 + i)}b`) };
    const beyond = await counting(async (counter) => {
      const policy = (await bundleFrom(files)).policy();
      const works: string[] = [];
      for (const { name: plan, make } of plansFor(name, tool)) {
        const text = JSON.stringify(make());
        expect(Buffer.byteLength(text), plan).toBeLessThan(MOST_BYTES * 1.05);
        counter.blocks();
        const { violations, pending } = policy.evaluate(JSON.parse(text), { context, values: 'later' });
        expect(violations.length + (pending?.length ?? 0)).toBeGreaterThanOrEqual(0);
        const blocks = counter.blocks();
        if (process.env['SHOW_WORK'] !== undefined) console.log(`${blocks} ${name} | ${plan}`);
        if (blocks > MOST_BLOCKS) works.push(`${plan}: ${blocks} blocks`);
      }
      return works;
    });
    expect(beyond).toEqual([]);
  }, 120_000);
});
