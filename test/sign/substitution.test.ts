/** Another bundle of the same signer, made for another purpose, does not pass for the one that is meant. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from '../cli/place.ts';
import type { Place } from '../cli/place.ts';

let at: Place;
beforeEach(() => {
  at = place();
  at.write({
    'sandbox/p.yaml': 'max_steps: 100\n',
    'production/p.yaml': 'max_steps: 1\n',
    'plan.json': JSON.stringify({
      steps: ['a', 'b'].map((id) => ({ id, tool: 'payments.transfer', args: {} })),
    }),
  });
});
afterEach(() => at.remove());

const plan = (line: string): Promise<number> => run(line.split(' '), at.io);

async function bundles(keygen: string): Promise<void> {
  expect(await plan(keygen)).toBe(0);
  for (const name of ['sandbox', 'production']) {
    const line = `bundle --policy-dir ${name} --output ${name}.mjs --key keys/signer.key --name ${name} --sequence 1`;
    expect(await plan(line), at.err()).toBe(0);
  }
}

it('keygen wants to know for which bundles the key counts', async () => {
  expect(await plan('keygen --out keys')).toBe(2);
  expect(at.err()).toContain('plan-lint keygen --out keys --name acme-payments');
  expect(() => at.read('keys/trust.json')).toThrow();
});

it('trust init does, too', async () => {
  await bundles('keygen --out keys --any-name');
  expect(await plan('trust init --add keys/signer.pub --output root.json')).toBe(2);
  expect(at.err()).toContain('--name acme-payments');
  expect(await plan('trust init --add keys/signer.pub --output root.json --name sandbox production')).toBe(0);
  expect(await plan('verify production.mjs --trust root.json')).toBe(0);
});

it('a root for one name refuses the bundle of another', async () => {
  await bundles('keygen --out keys --name production');
  const decide = 'validate plan.json --trust keys/trust.json --bundle';
  expect(await plan(`${decide} production.mjs`)).toBe(1);
  expect(await plan(`${decide} sandbox.mjs`)).toBe(4);
  expect(at.err()).toContain('policy_not_trusted');
});

it('where a root takes any name, --name says which is meant, and verify tells of it', async () => {
  await bundles('keygen --out keys --any-name');
  const verify = 'verify sandbox.mjs --trust keys/trust.json';
  expect(await plan(verify)).toBe(0);
  expect(at.out()).toContain('not pinned');
  expect(await plan(`${verify} --name production`)).toBe(4);
  expect(await plan('verify production.mjs --trust keys/trust.json --name production')).toBe(0);
  expect(at.out()).not.toContain('not pinned');
  const decide = 'plan.json --trust keys/trust.json --bundle sandbox.mjs --name production';
  expect(await plan(`validate ${decide}`)).toBe(4);
  expect(await plan(`validate-batch ${decide}`)).toBe(4);
});

it('refuses an older sequence wherever plans are decided', async () => {
  await bundles('keygen --out keys --name production');
  const decide = 'plan.json --trust keys/trust.json --bundle production.mjs --min-sequence';
  for (const verb of ['validate', 'validate-batch']) {
    expect(await plan(`${verb} ${decide} 1`)).toBe(1);
    expect(await plan(`${verb} ${decide} 2`)).toBe(4);
  }
});
