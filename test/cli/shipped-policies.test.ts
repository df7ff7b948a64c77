/** The policies we ship are tested with the tool we ship, and the tests with it, too. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lint } from '../../cli/commands/lint.ts';
import { testPolicies } from '../../cli/commands/test-policies.ts';
import { distinctRules, keyOf } from '../../cli/testing/coverage.ts';
import { loadPolicies } from '../../cli/testing/load.ts';
import { mutationsOf } from '../../cli/testing/mutations.ts';
import { readTests } from '../../cli/testing/read.ts';
import { allPass } from '../../cli/testing/run.ts';
import { analyze, directoryHost } from '../../compiler/index.ts';
import { layering, rulesIn } from '../../compiler/ir/layer.ts';
import { place } from './place.ts';

const root = join(import.meta.dirname, '../..');

it('the shipped policies pass their tests, which see every rule', async () => {
  const at = place({ cwd: root });
  const options = { policyDir: 'policies/', testDir: 'policy-tests/', minCoverage: 100 };
  const code = await testPolicies(options, at.io);
  expect({ code, out: code === 0 ? '' : at.out() }).toEqual({ code: 0, out: '' });
  expect(await lint({ policyDir: 'policies/', maxWarnings: 0 }, at.io)).toBe(0);
  at.remove();
}, 60_000);

/**
 * A sample: all thousand mutants take some ten minutes or more, for each compiles the whole library anew. All of them:
 * `plan-lint test-policies --policy-dir policies --test-dir policy-tests --mutate --min-mutation-score 90`.
 */
it('the tests notice nine faults of ten', async () => {
  const EVERY = 25;
  const at = place({ cwd: root });
  const tests = await readTests(join(root, 'policy-tests'), at.io);
  const { result } = await analyze(directoryHost(join(root, 'policies')), {});
  if (!result) throw new Error('the policies do not compile');
  const { policies } = result;
  const threshold = Math.min(...policies.entries.map((entry) => entry.threshold));
  const mutants = distinctRules(policies).flatMap((rule) =>
    [...mutationsOf(rule, threshold)].map((mutation) => ({ rule, mutation })),
  );
  const sample = mutants.filter((_, i) => i % EVERY === 0);
  const missed: string[] = [];
  for (const { rule, mutation } of sample) {
    const isIt = (each: typeof rule): boolean => keyOf(each) === keyOf(rule);
    const entries = policies.entries
      .filter((entry) => rulesIn(entry.layer).some(isIt))
      .map((entry) => ({
        ...entry,
        layer: layering((each: typeof rule) => (isIt(each) ? mutation.rule : each))(entry.layer),
      }));
    const bundle = await loadPolicies({ ...policies, defaultEntry: null, entries }, at.io.now());
    const asked = tests
      .map((test) => ({ ...test, entry: test.entry ?? 'production' }))
      .filter(({ entry }) => entries.some(({ name }) => name === entry));
    if (bundle && allPass(bundle, asked, at.io.now())) missed.push(`${rule.id}: ${mutation.what}`);
  }
  expect(sample.length).toBeGreaterThan(30);
  expect(missed.length / sample.length, missed.join('\n')).toBeLessThanOrEqual(0.1);
  at.remove();
}, 120_000);
