/** The policies we ship are tested with the tool we ship, and the tests with it, too. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lint } from '../../cli/commands/lint.ts';
import { testPolicies } from '../../cli/commands/test-policies.ts';
import { place } from './place.ts';

const root = join(import.meta.dirname, '../..');

it('the shipped policies pass their tests, which see every rule and notice nine faults of ten', async () => {
  const at = place({ cwd: root });
  const options = {
    policyDir: 'policies/',
    testDir: 'policy-tests/',
    minCoverage: 100,
    minMutationScore: 90,
  };
  const code = await testPolicies(options, at.io);
  expect({ code, out: code === 0 ? '' : at.out() }).toEqual({ code: 0, out: '' });
  expect(await lint({ policyDir: 'policies/', maxWarnings: 0 }, at.io)).toBe(0);
  at.remove();
}, 180_000);
