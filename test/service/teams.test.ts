/** What a team is bound to, where two bundles have an entry of one name; and whose decisions it sees. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOW } from '../support/signing.ts';
import { bundleFiles, directoryOf, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const LAX = { 'finance.yaml': 'max_steps: 9\n' };
const PEOPLE = {
  bare: { username: 'ada', permissions: ['validate_plan', 'read_policy'], team: 'finance' },
  whole: { username: 'bob', permissions: ['validate_plan', 'read_policy'], team: 'beta' },
  slash: { username: 'cyd', permissions: ['validate_plan', 'read_policy'], team: 'exact' },
  stranger: { username: 'dan', permissions: ['read_policy'] },
  unlisted: { username: 'fay', permissions: ['read_policy'], team: 'elsewhere' },
};
const TEAMS = {
  finance: { entries: ['finance'] },
  beta: { entries: ['beta'] },
  exact: { entries: ['beta/finance'] },
};

let here: Running;
let trust: string;
beforeAll(async () => {
  const bundles = await Promise.all(
    ['acme', 'beta'].map((name) => bundleFiles(`${name}.mjs`, LAX, { name, default_entry: 'finance' })),
  );
  const files = Object.fromEntries(
    bundles.flatMap((each) => Object.entries(each)).map(([name, bytes]) => [`bundles/${name}`, bytes]),
  );
  const { 'bundles/trust.json': root = new Uint8Array(), ...modules } = files;
  trust = directoryOf({ 'trust.json': root });
  here = await running({
    files: modules,
    policies: 'bundles',
    people: PEOPLE,
    config: {
      teams: TEAMS,
      policies: { trust: join(trust, 'trust.json'), poll: '1h', default: 'acme' },
      results: { url: `sqlite:${join(trust, 'results.db')}` },
    },
    now: () => NOW,
  });
});
afterAll(async () => {
  await here.close();
  rmSync(trust, { recursive: true });
});

const statusFor = async (as: string, policy: string): Promise<number> =>
  (await here.ask(`/validate?policy=${policy}`, { as, body: PASSED })).status;

it.each([
  ['bare', { finance: 200, 'acme/finance': 200, 'beta/finance': 403, beta: 403 }],
  ['whole', { finance: 403, 'acme/finance': 403, 'beta/finance': 200, beta: 200 }],
  ['slash', { finance: 403, 'acme/finance': 403, 'beta/finance': 200 }],
])('a team with one entry (%s) asks that one, not its namesake in another bundle', async (as, expected) => {
  for (const [policy, status] of Object.entries(expected))
    expect([policy, await statusFor(as, policy)]).toEqual([policy, status]);
});

it('who is of no team that is listed sees nobody’s decisions', async () => {
  const statuses = await Promise.all(
    ['stranger', 'unlisted'].map(async (as) => (await here.ask('/results', { as })).status),
  );
  expect(statuses).toEqual([403, 403]);
  const seen = async (): Promise<unknown> => {
    const { results } = (await (await here.ask('/results', { as: 'bare' })).json()) as {
      readonly results: readonly Tree[];
    };
    return results.length > 0 && results.every(({ user }) => user === 'ada');
  };
  await expect.poll(seen, { timeout: 10_000 }).toBe(true);
});
