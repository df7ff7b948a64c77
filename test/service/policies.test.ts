/** Bundles of a directory: swapped while they are asked, refused with their code, the last good one kept; and their routes. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeArchive } from '../../bundles/archive.ts';
import { DOCUMENT_POLICIES } from '../cli/place.ts';
import { NOW } from '../support/signing.ts';
import { bundleFiles, DENIED, directoryOf, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const POLICIES = Object.fromEntries(
  Object.entries(DOCUMENT_POLICIES).map(([path, text]) => [path.replace('policies/', ''), text]),
);
/** Denies what the document's policies pass. */
const STRICT = { 'base.yaml': 'policies:\n  - name: base\n    deny_tokens_regex: ["SELECT"]\n' };

const inFolder = (files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name === 'trust.json' ? name : `bundles/${name}`, bytes]),
  );

let here: Running;
let state: string;
beforeAll(async () => {
  state = directoryOf({});
  const files = inFolder(await bundleFiles('acme.mjs', POLICIES, { sequence: 5, default_entry: null }));
  const first = directoryOf(files);
  here = await running({
    files,
    policies: 'bundles',
    config: { policies: { trust: `${first}/trust.json`, poll: '1h', name: 'acme' }, state_dir: state },
    now: () => NOW,
  });
  rmSync(`${first}/bundles`, { recursive: true });
});
afterAll(async () => {
  await here.close();
  rmSync(state, { recursive: true });
});

const isValid = async (plan: unknown): Promise<unknown> =>
  ((await (await here.ask('/validate', { body: plan })).json()) as Tree)['is_valid'];
const statusOf = async (): Promise<Tree> =>
  (await (await here.ask('/policies/acme', { as: 'viewer' })).json()) as Tree;
const look = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<void> => {
  here.write(files);
  await here.service.source.refresh();
};

describe('bundles of a directory', () => {
  it('decide, and say so', async () => {
    expect([await isValid(PASSED), await isValid(DENIED)]).toEqual([true, false]);
    expect(await statusOf()).toMatchObject({ active: { sequence: 5, signed: true }, last_error: null });
    expect(await (await here.ask('/health/ready', { as: null })).json()).toMatchObject({ status: 'ready' });
  });

  it('are swapped', async () => {
    await look(inFolder(await bundleFiles('acme.mjs', STRICT, { sequence: 6 })));
    expect(await isValid(PASSED)).toBe(false);
    expect(await statusOf()).toMatchObject({ active: { sequence: 6 } });
  });

  it.each([
    ['an older one', 'sequence_rollback', () => bundleFiles('acme.mjs', POLICIES, { sequence: 4 })],
    [
      'one of another name',
      'name_mismatch',
      () => bundleFiles('acme.mjs', POLICIES, { sequence: 9, name: 'other' }),
    ],
    [
      'one that has expired',
      'bundle_expired',
      () => bundleFiles('acme.mjs', POLICIES, { sequence: 9, expires: '2026-05-01T00:00:00Z' }),
    ],
    [
      'one that was changed',
      'digest_mismatch',
      async () => {
        // Not the policies that lie there: while one file is new and the other is not, they must be no bundle either.
        const files = await bundleFiles('acme.mjs', STRICT, { sequence: 9 });
        return {
          ...files,
          'acme.mjs': Buffer.concat([files['acme.mjs'] ?? Buffer.alloc(0), Buffer.from(' ')]),
        };
      },
    ],
  ])('refuse %s, and what decides stays', async (_, code, make) => {
    await look(inFolder(await make()));
    const expected = { active: { sequence: 6 }, last_error: { code } };
    expect(await statusOf()).toMatchObject(expected);
    // The same once more is still the one that was refused.
    await here.service.source.refresh();
    expect(await statusOf()).toMatchObject(expected);
    expect(await isValid(PASSED)).toBe(false);
    expect(here.audit().filter(({ detail }) => (detail as Tree | undefined)?.['code'] === code)).toHaveLength(
      1,
    );
    expect(await (await here.ask('/metrics', { as: null })).text()).toContain(
      `plan_lint_bundle_refused_total{code="${code}"} 1`,
    );
  });
});

describe('over HTTP', () => {
  const archive = async (
    policies: Readonly<Record<string, string>>,
    sequence: number,
  ): Promise<Uint8Array> => {
    const { module, sidecar, statement } = await archiveParts(policies, sequence);
    return writeArchive(
      new Map([
        ['acme.mjs', module],
        ['acme.mjs.sigstore.json', sidecar],
        ['statement.json', statement],
      ]),
    );
  };
  async function archiveParts(policies: Readonly<Record<string, string>>, sequence: number) {
    const files = await bundleFiles('acme.mjs', policies, { sequence });
    const sidecar = files['acme.mjs.sigstore.json'] ?? new Uint8Array();
    const { dsseEnvelope } = JSON.parse(Buffer.from(sidecar).toString()) as {
      dsseEnvelope: { payload: string };
    };
    return {
      module: files['acme.mjs'] ?? new Uint8Array(),
      sidecar,
      statement: Buffer.from(dsseEnvelope.payload, 'base64'),
    };
  }
  const put = (body: Uint8Array, as: 'admin' | 'viewer' = 'admin'): Promise<Response> =>
    here.ask('/policies/acme', { as, method: 'PUT', body, headers: { 'content-type': 'application/gzip' } });

  it('a bundle is handed in, waits, and decides when it is told to', async () => {
    const body = await archive({ ...POLICIES }, 20);
    expect((await put(body, 'viewer')).status).toBe(403);
    expect((await put(body)).status).toBe(200);
    expect(await isValid(PASSED)).toBe(false);
    const reply = await here.ask('/policies/acme/activate', { as: 'admin', method: 'POST' });
    expect([reply.status, await reply.json()]).toMatchObject([200, { active: { sequence: 20 } }]);
    expect(await isValid(PASSED)).toBe(true);
    expect(here.audit().map(({ action, user }) => `${String(action)} ${String(user)}`)).toEqual(
      expect.arrayContaining(['policy_put root', 'policy_activated root', 'policy_read vera']),
    );
  });

  it('a bundle that does not verify is refused with the code of the loader', async () => {
    const reply = await put(await archive(POLICIES, 21).then((bytes) => bytes.subarray(0, -8)));
    expect([reply.status, await reply.json()]).toMatchObject([422, { code: 'bundle_refused' }]);
  });

  it('the last one that decides is not deleted', async () => {
    const reply = await here.ask('/policies/acme', { as: 'admin', method: 'DELETE' });
    expect([reply.status, await reply.json()]).toMatchObject([409, { code: 'last_policy' }]);
  });
});

it('after a restart at which the source has nothing good, the last good one decides', async () => {
  const trust = here.service.deps.config.policies.trust ?? '';
  await here.close();
  const files = { 'bundles/acme.mjs': 'broken', 'bundles/acme.mjs.sigstore.json': '{}' };
  here = await running({
    files,
    policies: 'bundles',
    config: { policies: { trust, poll: '1h', name: 'acme' }, state_dir: state },
    now: () => NOW,
  });
  expect(await statusOf()).toMatchObject({ active: { sequence: 20, signed: true } });
  expect(await isValid(DENIED)).toBe(false);
});

it('where no bundle is good every plan is denied, and the service is not ready', async () => {
  const there = await running({
    files: { 'bundles/acme.mjs': 'broken', ...(await bundleFiles('x.mjs', POLICIES)) },
    policies: 'bundles',
    config: { policies: { trust: here.service.deps.config.policies.trust, poll: '1h' } },
  });
  const reply = await there.ask('/validate', { body: PASSED });
  expect(await reply.json()).toMatchObject({ is_valid: false, violations: [{ rule: 'bundle.missing' }] });
  const ready = await there.ask('/health/ready', { as: null });
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { status: 'not_ready', error: expect.stringContaining('no bundle') as string },
  ]);
  expect((await there.ask('/health/deep', { as: null })).status).toBe(503);
  await there.close();
});

it('of two that are deleted at once, the last one stays', async () => {
  const files = {
    ...inFolder(await bundleFiles('first.mjs', POLICIES, { name: 'first' })),
    ...inFolder(await bundleFiles('second.mjs', POLICIES, { name: 'second' })),
  };
  const place = directoryOf(files);
  const there = await running({
    files,
    policies: 'bundles',
    config: { policies: { trust: `${place}/trust.json`, poll: '1h' } },
    now: () => NOW,
  });
  try {
    const replies = await Promise.all(
      ['first', 'second'].map((name) => there.ask(`/policies/${name}`, { as: 'admin', method: 'DELETE' })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(there.service.deps.registry.slots).toHaveLength(1);
    expect(there.audit().filter(({ action }) => action === 'policy_deleted')).toHaveLength(1);
  } finally {
    await there.close();
    rmSync(place, { recursive: true });
  }
});
