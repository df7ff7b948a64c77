/** What `bundle` makes tells plans by their bytes, unless that is left out; a batch says the same with either. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';
import type { Place } from './place.ts';

let at: Place;
beforeEach(() => {
  at = place();
  at.write(DOCUMENT_POLICIES);
});
afterEach(() => at.remove());

const plan = (id: string, amount: number | string): string =>
  JSON.stringify({ id, steps: [{ id: 'pay', tool: 'payments.transfer', args: { amount, to: 'Jürgen' } }] });

it('with the scanner and without', async () => {
  const lines = [plan('fine', 1), plan('too-much', 20_000), plan('no-number', 'x'), '{', '', plan('last', 2)];
  at.write({ 'plans.jsonl': `${lines.join('\n')}\n` });
  const keys = ['keygen', '--any-name', '--out', 'keys'];
  expect(await run(keys, at.io)).toBe(0);
  const reports: string[] = [];
  for (const [name, ...more] of [['with'], ['without', '--no-bytes']] as const) {
    const output = `${name}.mjs`;
    const words = ['bundle', '--policy-dir', 'policies', '--output', output, '--key', 'keys/signer.key'];
    expect(await run([...words, '--name', 'acme', '--sequence', '1', ...more], at.io), at.err()).toBe(0);
    expect(at.read(output).includes('AGFzbQ')).toBe(name === 'with');
    const asked = ['validate-batch', 'plans.jsonl', '--bundle', output, '--trust', 'keys/trust.json'];
    const report = ['--report-format', 'jsonl', '--output', `${name}.jsonl`];
    expect(await run([...asked, ...report], at.io), at.err()).toBe(1);
    // The two bundles have other digests.
    reports.push(at.read(`${name}.jsonl`).replaceAll(/[0-9a-f]{64}/g, 'digest'));
  }
  const [one, other] = reports;
  expect(one).toBe(other);
  expect(
    one
      ?.trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { is_valid: boolean }).is_valid),
  ).toEqual([true, false, false, false, true]);
});
