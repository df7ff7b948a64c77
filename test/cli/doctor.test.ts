/** An installation that is looked at: what is wrong with it is said, and what was not looked at too. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkEngine, checkVersions } from '../../cli/doctor/checks.ts';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeAll(async () => {
  at = place();
  at.write({ 'policies/a.yaml': 'max_steps: 3\n', 'broken/a.yaml': 'max_step: 3\n' });
  await run(['keygen', '--out', 'keys', '--name', 'acme'], at.io);
  const bundle = ['bundle', '--policy-dir', 'policies', '--output', 'b.mjs', '--key', 'keys/signer.key'];
  expect(
    await run(
      [...bundle, '--name', 'acme', '--sequence', '4', '--expires', '60d', '--audience', 'staging'],
      at.io,
    ),
  ).toBe(0);
  at.out();
  at.err();
});
afterAll(() => at.remove());

const FILES = ['--bundle', 'b.mjs', '--trust', 'keys/trust.json', '--name', 'acme'];
const SIGNED = [...FILES, '--audience', 'staging'];

async function examine(flags: readonly string[], now = at.io.now()): Promise<readonly [number, string]> {
  const code = await run(['doctor', ...flags], { ...at.io, now: () => now });
  return [code, at.out()];
}

it('finds nothing wrong with what is right, and says what it has not looked at', async () => {
  const [code, out] = await examine([...SIGNED, '--policy-dir', 'policies']);
  expect(code, out).toBe(0);
  expect(out).toContain('bundle    acme 4, sequence 4, verified by 1 signer');
  expect(out).toContain('it expires at 2026-07-31T00:00:00Z, in 60 days');
  expect(out).toContain('warning  catalog   there is none');
  expect(out).toContain('not looked at: the state of a loader (--state)');
});

it.each([
  ['a bundle of another name', [...SIGNED, '--name', 'other'], 'name_mismatch'],
  ['an audience it is not for', [...FILES, '--audience', 'production'], 'audience_mismatch'],
  ['an older one than is asked for', [...SIGNED, '--min-sequence', '5'], 'sequence_rollback'],
  ['a state file that is not there', [...SIGNED, '--state', 'none.json'], 'none.json'],
  ['no trust root', ['--trust', 'policies/a.yaml'], 'trust_malformed'],
  ['no bundle', ['--bundle', 'none.mjs', '--trust', 'keys/trust.json'], 'none.mjs'],
  ['policies that do not compile', ['--policy-dir', 'broken'], '1 error'],
] as const)('%s is wrong', async (_, flags, says) => {
  const [code, out] = await examine(flags);
  expect(code, out).toBe(1);
  expect(out).toMatch(/^wrong {4}/m);
  expect(out).toContain(says);
});

it('a clock behind what was signed is wrong, and an end that is near is told', async () => {
  const [code, out] = await examine(SIGNED, at.io.now() - 86_400_000);
  expect(code).toBe(1);
  expect(out).toContain('set the clock');
  const [, later] = await examine(SIGNED, at.io.now() + 45 * 86_400_000);
  expect(later).toMatch(/^warning {2}bundle .* in 15 days$/m);
});

it('tells programs the same', async () => {
  const [code, out] = await examine([...FILES, '--audience', 'production', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ is_valid: false });
});

it('an engine too old and parts of two releases are wrong', () => {
  expect(checkEngine('v18.20.1')[0]?.outcome).toBe('wrong');
  expect(checkEngine('v20.18.0')[0]?.outcome).toBe('wrong');
  expect(checkEngine('v20.19.0')[0]?.outcome).toBe('ok');
  expect(checkEngine('v26.0.0')[0]?.outcome).toBe('ok');
  expect(checkVersions('0.2.0', '0.1.0').outcome).toBe('wrong');
});

it('a bundle without a trust root is wrong usage', async () => {
  expect(await run(['doctor', '--bundle', 'b.mjs'], at.io)).toBe(2);
  expect(at.err()).toContain('--trust');
});
