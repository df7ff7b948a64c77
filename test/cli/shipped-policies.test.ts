/** The policies we ship are tested with the tool we ship, and the tests with it, too. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lint } from '../../cli/commands/lint.ts';
import { testPolicies } from '../../cli/commands/test-policies.ts';
import { loadPolicies } from '../../cli/testing/load.ts';
import { readTests } from '../../cli/testing/read.ts';
import { runTests } from '../../cli/testing/run.ts';
import { faultsOf, openTrials } from '../../cli/testing/trial.ts';
import { analyze } from '../../compiler/index.ts';
import { directoryHost } from '../../bundles/directory-host.ts';
import { place } from './place.ts';

const root = join(import.meta.dirname, '../..');

it('the shipped policies pass their tests, which see every rule', async () => {
  const at = place({ cwd: root });
  const options = { policyDir: 'policies/', testDir: 'policy-tests/', minCoverage: 100 };
  const code = await testPolicies(options, at.io);
  expect({ code, out: code === 0 ? '' : at.out() }).toEqual({ code: 0, out: '' });
  expect(await lint({ policyDir: 'policies/', maxWarnings: 0 }, at.io)).toBe(0);
  at.remove();
});

/** A sample; `.ci/run` tries all of them, by the command that stands there. */
it('the tests notice nine faults of ten', async () => {
  const EVERY = 20;
  const at = place({ cwd: root });
  const tests = await readTests(join(root, 'policy-tests'), at.io);
  const { result } = await analyze(directoryHost(join(root, 'policies')), {});
  if (!result) throw new Error('the policies do not compile');
  const { policies } = result;
  const now = at.io.now();
  const bundle = await loadPolicies(policies, now);
  if (!bundle) throw new Error('the policies do not compile');
  const fired = runTests(bundle, tests, now).map(
    ({ decision }) => decision?.violations.map(({ rule }) => rule) ?? [],
  );
  const tried = await openTrials({ policies, tests, fired, now });
  const sample = [...faultsOf(policies).entries()].filter(([i]) => i % EVERY === 0);
  const missed: string[] = [];
  for (const [i, { rule, mutation }] of sample) {
    if ((await tried(i)) === false) missed.push(`${rule.id}: ${mutation.what}`);
  }
  console.log(
    `mutation score of a sample of ${sample.length}: ${100 - (100 * missed.length) / sample.length} %`,
  );
  expect(sample.length).toBeGreaterThan(60);
  expect(missed.length / sample.length, missed.join('\n')).toBeLessThanOrEqual(0.1);
  at.remove();
});
