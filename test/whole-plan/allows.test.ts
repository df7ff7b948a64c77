/** `allows` is `evaluate(…).valid`, whatever the policies, however many decide, with exceptions or without. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asked, policyFiles } from '../differential/catalog.ts';
import { bundleFrom } from '../support/decide.ts';

const HELD = {
  scope: { tool: ['pay.*'] },
  reason: 'r',
  ticket: 'T-1',
  requested_by: 'a@x.org',
  approved_by: 'b@x.org',
  not_before: '2020-01-01T00:00:00Z',
  expires: '2030-01-01T00:00:00Z',
};

interface File {
  readonly rules?: readonly { readonly rule: string }[];
}

/** The policy with its first rule suspended for some tools. */
function waived(text: string): string {
  const file = JSON.parse(text) as File;
  const first = file.rules?.[0];
  return first ? JSON.stringify({ ...file, exceptions: [{ rule: first.rule, ...HELD }] }) : text;
}

it('says the same', async () => {
  const two = fc.tuple(policyFiles, policyFiles, fc.boolean()).map(([a, b, isWaived]) => {
    const [first = '{}', second = '{}'] = [a['p.yaml'], b['p.yaml']];
    // Either may bring the catalog.
    return { ...b, ...a, 'p.yaml': isWaived ? waived(first) : first, 'q.yaml': second };
  });
  const seen = { yes: 0, no: 0, policies: 0, compiled: 0 };
  await fc.assert(
    fc.asyncProperty(two, fc.array(asked, { minLength: 20, maxLength: 20 }), async (files, plans) => {
      const bundle = await bundleFrom(files).catch(() => null);
      seen.policies += 1;
      if (!bundle) return;
      seen.compiled += 1;
      for (const policy of [bundle.policy(), ...bundle.entries.map((name) => bundle.policy(name))]) {
        for (const { plan, ...options } of plans) {
          const { valid } = policy.evaluate(plan, options);
          expect(policy.allows(plan, options)).toBe(valid);
          seen[valid ? 'yes' : 'no'] += 1;
        }
      }
    }),
    { numRuns: 60, seed: 20261122 },
  );
  expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
  // A compiler that refuses too much would leave little to compare.
  expect(seen.compiled / seen.policies).toBeGreaterThanOrEqual(0.9);
}, 240_000);
