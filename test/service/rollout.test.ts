/** Canary and shadow: who is asked, what is written down, when one stops, and how it ends; each over the service's own routes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeArchive } from '../../bundles/archive.ts';
import { NOW } from '../support/signing.ts';
import { departs, evenOdds } from '../../service/rollout/drift.ts';
import { isWithin } from '../../service/rollout/lane.ts';
import { bundleFiles, directoryOf, running, TOKENS } from './support/running.ts';
import type { Running, RunningOptions, Tree } from './support/running.ts';

/** Refuses what is above a limit. */
const limit = (amount: number): Record<string, string> => ({
  'pay.yaml': `policies:
  - name: pay
    rules:
      - { rule: limit_${amount}, severity: critical, pattern: { tool: payments.transfer, operation: amount_gt, value: ${amount} } }
`,
});
const plan = (amount: number, id = `pay-${amount}`): Tree => ({
  id,
  steps: [{ id: 'a', tool: 'payments.transfer', args: { amount } }],
});
const archives = new Map<string, Uint8Array>();

/** An archive, as `PUT /policies/{name}` takes it. */
async function archive(amount: number, sequence: number, facts: object = {}): Promise<Uint8Array> {
  const key = JSON.stringify([amount, sequence, facts]);
  const made = archives.get(key);
  if (made) return made;
  const files = await bundleFiles('acme.mjs', limit(amount), { sequence, default_entry: null, ...facts });
  const sidecar = files['acme.mjs.sigstore.json'] ?? new Uint8Array();
  const { dsseEnvelope } = JSON.parse(Buffer.from(sidecar).toString()) as {
    dsseEnvelope: { payload: string };
  };
  const bytes = writeArchive(
    new Map([
      ['acme.mjs', files['acme.mjs'] ?? new Uint8Array()],
      ['acme.mjs.sigstore.json', sidecar],
      ['statement.json', Buffer.from(dsseEnvelope.payload, 'base64')],
    ]),
  );
  archives.set(key, bytes);
  return bytes;
}

let files: RunningOptions['files'];
let trust: string;
let state: string;
let here: Running;
let clock = NOW;
const start = async (): Promise<Running> =>
  running({
    files: files ?? {},
    policies: 'bundles',
    now: () => clock,
    people: { ...TOKENS, finance: { username: 'fay', permissions: ['validate_plan'], team: 'finance' } },
    config: {
      policies: { trust: `${trust}/trust.json`, poll: '1h', name: 'acme' },
      state_dir: state,
      rollout: { min_decisions: 20, max_delta: 0.1 },
    },
  });

beforeAll(async () => {
  const made = await bundleFiles('acme.mjs', limit(1000), { sequence: 5, default_entry: null });
  trust = directoryOf(made);
  files = Object.fromEntries(Object.entries(made).map(([name, bytes]) => [`bundles/${name}`, bytes]));
});
afterAll(() => {
  rmSync(trust, { recursive: true });
});
beforeEach(async () => {
  clock = NOW;
  state = directoryOf({});
  here = await start();
  return async () => {
    await here.close();
    rmSync(state, { recursive: true });
  };
});

const bodyOf = async (reply: Response): Promise<Tree> => (await reply.json()) as Tree;
const decide = async (amount: number, id?: string, as = 'validator'): Promise<Tree> =>
  bodyOf(await here.ask('/validate', { as, body: plan(amount, id) }));
const admin = async (path: string, body?: object): Promise<readonly [number, Tree]> => {
  const reply = await here.ask(`/policies/acme${path}`, {
    as: 'admin',
    method: 'POST',
    ...(body !== undefined && { body }),
  });
  return [reply.status, await bodyOf(reply)];
};
/** Hands a bundle in, and begins a lane with it. */
async function begin(bundle: Uint8Array, settings: object): Promise<readonly [number, Tree]> {
  const headers = { 'content-type': 'application/gzip' };
  const put = await here.ask('/policies/acme', { as: 'admin', method: 'PUT', body: bundle, headers });
  const { digest } = await bodyOf(put);
  return admin('/rollout', { digest, ...settings });
}
const status = async (): Promise<Tree> => bodyOf(await here.ask('/policies/acme/rollout', { as: 'viewer' }));
const lines = (action: string): readonly Tree[] => here.audit().filter((line) => line['action'] === action);
const sequenceOf = ({ bundle }: Tree): unknown => (bundle as Tree)['sequence'];

describe('a shadow', () => {
  it('is asked beside, written down, and answers nobody', async () => {
    expect(await begin(await archive(100, 6), { lane: 'shadow' })).toMatchObject([
      201,
      { running: { lane: 'shadow', percent: 100, bundle: { sequence: 6 } } },
    ]);
    for (const amount of [50, 500, 5000]) expect(sequenceOf(await decide(amount))).toBe(5);
    expect(lines('validate_plan').map(({ status: of, shadow }) => [of, shadow])).toMatchObject([
      ['pass', { lane: 'shadow', status: 'pass', differs: false }],
      ['pass', { lane: 'shadow', status: 'deny', differs: true, appeared: ['limit_100'], gone: [] }],
      [
        'deny',
        { lane: 'shadow', status: 'deny', differs: true, appeared: ['limit_100'], gone: ['limit_1000'] },
      ],
    ]);
    // The report is that of `plan-lint simulate`.
    expect((await status())['running']).toMatchObject({
      report: { plans: 3, changed: 1, newly_refused: 1, newly_allowed: 0, statuses: { pass: { deny: 1 } } },
    });
    // Whatever it says of however many, it stops nothing: it answers nobody.
    for (let n = 0; n < 40; n += 1) await decide(500, `more-${n}`);
    expect((await status())['ended']).toBeNull();
  });
});

describe('a canary', () => {
  it('answers the same few again and again, and what decides is asked beside', async () => {
    await begin(await archive(900, 6), { percent: 30 });
    const first = await Promise.all(Array.from({ length: 60 }, (_, n) => decide(50, `p-${n}`)));
    const again = await Promise.all(Array.from({ length: 60 }, (_, n) => decide(50, `p-${n}`)));
    expect(again.map(sequenceOf)).toEqual(first.map(sequenceOf));
    const own = first.filter((each) => sequenceOf(each) === 6).length;
    expect(own).toBeGreaterThan(5);
    expect(own).toBeLessThan(35);
    expect(
      lines('validate_plan').filter(({ shadow }) => (shadow as Tree | undefined)?.['lane'] === 'stable'),
    ).toHaveLength(2 * own);
    // More of them: who was within stays within.
    const { bundle } = (await status())['running'] as { bundle: { digest: string } };
    const { digest } = bundle;
    expect(await admin('/rollout', { digest, percent: 60 })).toMatchObject([
      200,
      { running: { percent: 60 } },
    ]);
    const more = await Promise.all(Array.from({ length: 60 }, (_, n) => decide(50, `p-${n}`)));
    for (const [n, each] of first.entries())
      if (sequenceOf(each) === 6) expect(sequenceOf(more[n] ?? {})).toBe(6);
  });

  it('is for its teams alone', async () => {
    await begin(await archive(900, 6), { percent: 100, teams: ['finance'] });
    expect(sequenceOf(await decide(50))).toBe(5);
    expect(sequenceOf(await decide(50, 'a', 'finance'))).toBe(6);
  });

  it('that departs stops itself: it is told, and what decides answers all', async () => {
    await begin(await archive(10, 6), { percent: 100 });
    const answers: unknown[] = [];
    for (let n = 0; n < 25; n += 1) answers.push(sequenceOf(await decide(500, `p-${n}`)));
    expect(answers).toEqual([...Array<number>(20).fill(6), ...Array<number>(5).fill(5)]);
    expect(await status()).toMatchObject({
      running: null,
      ended: { reason: 'it departs: 100.0 % of 20 plans' },
    });
    expect(lines('rollout_ended')).toMatchObject([
      { user: 'plan-lint', detail: { newly_refused: 20, decisions: 20, lane: 'canary' } },
    ]);
    expect(await (await here.ask('/metrics', { as: null })).text()).toMatch(
      /^plan_lint_rollout_stopped_total 1$/m,
    );
    // Over: neither a restart nor `promote` brings it back.
    expect(await admin('/promote')).toMatchObject([409, { code: 'no_rollout' }]);
    await restart();
    expect(sequenceOf(await decide(50))).toBe(5);
  });

  it('that has expired answers nobody, from the very plan on', async () => {
    await begin(await archive(900, 6, { expires: '2030-01-01T00:00:00Z' }), { percent: 100 });
    expect(sequenceOf(await decide(50))).toBe(6);
    clock = Date.parse('2031-01-01T00:00:00Z');
    expect(await decide(50)).toMatchObject({ is_valid: true, bundle: { sequence: 5 } });
    expect((await status())['ended']).toMatchObject({ reason: 'bundle.expired' });
  });

  it('is promoted: it decides for all, and nothing older comes back', async () => {
    await begin(await archive(100, 6), { percent: 0 });
    expect(await decide(500)).toMatchObject({ is_valid: true, bundle: { sequence: 5 } });
    expect(await admin('/promote')).toMatchObject([200, { running: null, ended: { reason: 'promoted' } }]);
    expect(await decide(500)).toMatchObject({ is_valid: false, bundle: { sequence: 6 } });
    expect(lines('policy_activated').at(-1)).toMatchObject({
      user: 'root',
      bundle: expect.any(String) as string,
    });
    const headers = { 'content-type': 'application/gzip' };
    const older = await here.ask('/policies/acme', {
      as: 'admin',
      method: 'PUT',
      body: await archive(1000, 5),
      headers,
    });
    const { digest } = await bodyOf(older);
    expect((await admin('/rollout', { digest }))[0]).toBe(422);
  });

  it('is rolled back, and the one that decides was never touched', async () => {
    await begin(await archive(100, 6), { percent: 100 });
    expect(await decide(500)).toMatchObject({ is_valid: false });
    expect(await admin('/rollback')).toMatchObject([
      200,
      { running: null, ended: { reason: 'rolled back' } },
    ]);
    expect(await decide(500)).toMatchObject({ is_valid: true, bundle: { sequence: 5 } });
    // The memory of sequences was not moved: the one that decides is taken again at a start.
    await restart();
    expect(await decide(500)).toMatchObject({ is_valid: true, bundle: { sequence: 5 } });
  });

  it('goes on after a restart; one that is not what it was is ended there, and told', async () => {
    await begin(await archive(900, 6), { percent: 100 });
    await restart();
    expect(sequenceOf(await decide(50))).toBe(6);
    const kept = join(state, 'rollout/acme.json');
    const written = JSON.parse(readFileSync(kept, 'utf8')) as Tree;
    const module = Buffer.from(`${Buffer.from(String(written['module']), 'base64').toString()} `);
    writeFileSync(kept, JSON.stringify({ ...written, module: module.toString('base64') }));
    await restart();
    expect(await decide(50)).toMatchObject({ is_valid: true, bundle: { sequence: 5 } });
    expect(lines('rollout_ended')).toMatchObject([{ detail: { reason: 'digest_mismatch' } }]);
  });

  it('needs `apply_policy`, the digest that is meant, and the place to be free', async () => {
    await begin(await archive(900, 6), {});
    expect((await status())['running']).toMatchObject({ lane: 'canary', percent: 5 });
    for (const path of ['/rollout', '/promote', '/rollback']) {
      const body = path === '/rollout' ? { body: { digest: 'x' } } : {};
      expect(
        (await here.ask(`/policies/acme${path}`, { as: 'viewer', method: 'POST', ...body })).status,
      ).toBe(403);
    }
    expect(await begin(await archive(800, 7), {})).toMatchObject([409, { code: 'rollout_underway' }]);
    expect((await admin('/rollout', { digest: '0'.repeat(64) }))[0]).toBe(409);
    for (const wrong of [
      { percent: 101 },
      { percent: '5' },
      { lane: 'blue' },
      { teams: 'finance' },
      { more: 1 },
    ])
      expect([wrong, (await admin('/rollout', { digest: 'x', ...wrong }))[0]]).toEqual([wrong, 400]);
  });
});

async function restart(): Promise<void> {
  await here.close();
  here = await start();
}

describe('the rule by which it stops', () => {
  const rule = { every: 100, maxDelta: 0.05, alpha: 0.001 };
  const pairs = (decisions: number, newlyRefused: number, newlyAllowed = 0) => ({
    decisions,
    newlyRefused,
    newlyAllowed,
  });

  it('needs enough plans, a difference that matters, and one that is no chance', () => {
    expect(departs(pairs(99, 99), rule)).toBe(false);
    expect(departs(pairs(100, 100), rule)).toBe(true);
    expect(departs(pairs(100, 0, 100), rule)).toBe(true);
    expect(departs(pairs(100, 5), rule)).toBe(false);
    // Six more of a hundred matter, and may be chance.
    expect(departs(pairs(100, 6), rule)).toBe(false);
    expect(departs(pairs(100, 45, 40), rule)).toBe(false);
    expect(departs(pairs(10_000, 600), rule)).toBe(true);
    expect(evenOdds(10, 0)).toBeCloseTo(2 / 1024, 12);
    expect(evenOdds(4, 6)).toBeCloseTo(772 / 1024, 12);
    expect(evenOdds(5000, 5000)).toBe(1);
  });

  it('stops one that does not differ as rarely as it says, however often it looks', () => {
    // Of 300 canaries that refuse a tenth more and a tenth less by chance alone, each looked at 100 times.
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    let stopped = 0;
    for (let canary = 0; canary < 300; canary += 1) {
      let [more, fewer] = [0, 0];
      for (let n = 1; n <= 2000; n += 1) {
        const draw = random();
        if (draw < 0.1) more += 1;
        else if (draw < 0.2) fewer += 1;
        if (departs(pairs(n, more, fewer), { every: 20, maxDelta: 0, alpha: 0.05 })) {
          stopped += 1;
          break;
        }
      }
    }
    expect(stopped / 300).toBeLessThan(0.05);
  });

  it('percent are percent, and ten hold the five', () => {
    const settings = (percent: number) => ({ lane: 'canary', percent, teams: [], sticky: 'user' }) as const;
    const within = (percent: number): readonly number[] =>
      Array.from({ length: 4000 }, (_, n) => n).filter((n) =>
        isWithin('acme', settings(percent), { planId: 'x', sha256: '', user: `u-${n}`, team: null }),
      );
    expect([within(0).length, within(100).length]).toEqual([0, 4000]);
    expect(within(10).length / 40).toBeCloseTo(10, -0.5);
    expect(within(10)).toEqual(expect.arrayContaining([...within(5)]));
  });
});
