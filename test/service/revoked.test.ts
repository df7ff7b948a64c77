/** A key is revoked: nothing that it has signed decides any more, in no thread, in no session, and not for being handed in anew. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TRUST_PAYLOAD_TYPE } from '@plan-lint/runtime/contract';
import {
  firstTrust,
  generateKey,
  keySigner,
  signerKey,
  signPayload,
  singleFile,
  trustBytes,
  type TrustFile,
} from '../../compiler/6-sign/index.ts';
import { compile, memoryHost } from '../../compiler/index.ts';
import { ask, settings, startProgram } from '../parts/service/program.ts';
import { signed, TRUST } from '../support/decide.ts';
import { NOW, sharedKey } from '../support/signing.ts';
import { directoryOf, PASSED, running, writeAll } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const rootKey = generateKey('ed25519');
const first: TrustFile = {
  ...TRUST,
  keys: [...TRUST.keys, ...firstTrust(signerKey(rootKey)).keys],
  root: { keys: [signerKey(rootKey).id], threshold: 1 },
};
const revoking = (version: number): TrustFile => ({
  ...first,
  version,
  keys: first.keys.map((key) =>
    key.id === signerKey(sharedKey).id ? { ...key, revoked: '2026-05-01T00:00:00Z' } : key,
  ),
});

/** A release that allows as many queries as its sequence says. */
async function release(sequence: number): Promise<Uint8Array> {
  const policies = { 'p.yaml': `rules: [{rule: few, max_calls: {tool: db.query, limit: ${sequence}}}]` };
  const { result } = await compile(memoryHost(policies), { capabilities: ['session'] });
  if (!result) throw new Error('it does not compile');
  const { module, sidecars } = await signed(result, { sequence });
  return singleFile(module, sidecars);
}

const ruleOf = (text: string): unknown => {
  const [violation] = (JSON.parse(text) as { violations: readonly Tree[] }).violations;
  return violation?.['rule'];
};

it('in no thread of the built program', async () => {
  const directory = directoryOf({ 'acme.mjs': await release(5), 'trust.json': trustBytes(first) });
  const config = settings(directory, {
    policies: { path: join(directory, 'acme.mjs'), trust: join(directory, 'trust.json'), poll: '1h' },
    limits: { loop_delay: '60s', workers: 1 },
  });
  const program = await startProgram(config);
  const small = JSON.stringify(PASSED);
  const large = JSON.stringify({ ...PASSED, note: 'x'.repeat(300_000) });
  const asked = async (): Promise<unknown[]> => [
    ruleOf((await ask(`${program.url}/validate`, { body: small })).text),
    ruleOf((await ask(`${program.url}/validate`, { body: large })).text),
    ruleOf(
      (
        await ask(`${program.url}/validate/batch`, {
          body: small,
          headers: { 'content-type': 'application/x-ndjson' },
        })
      ).text,
    ),
  ];
  expect(await asked()).toEqual([undefined, undefined, undefined]);
  writeAll(directory, { 'trust.json': trustBytes(revoking(2)) });
  program.child.kill('SIGHUP');
  for (let left = 200; left > 0; left -= 1) {
    if (ruleOf((await ask(`${program.url}/validate`, { body: small })).text) !== undefined) break;
    await new Promise((done) => setTimeout(done, 25));
  }
  expect(await asked()).toEqual(['bundle.refused', 'bundle.refused', 'bundle.refused']);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  rmSync(directory, { recursive: true });
});

it('in no session that began with a bundle which another has replaced', async () => {
  const trust = directoryOf({ 'trust.json': trustBytes(first) });
  const here = await running({
    files: { 'bundles/acme.mjs': await release(5) },
    policies: 'bundles',
    config: { policies: { trust: `${trust}/trust.json`, poll: '1h' } },
    now: () => NOW,
  });
  const opened = await here.ask('/sessions', { as: 'runner', body: {} });
  const { session_id: id } = (await opened.json()) as Tree;
  const call = async (): Promise<Tree> => {
    const body = { tool: 'db.query', args: {} };
    return (await (await here.ask(`/sessions/${String(id)}/calls`, { as: 'runner', body })).json()) as Tree;
  };
  here.write({ 'bundles/acme.mjs': await release(6) });
  await here.service.source.refresh();
  expect(await call()).toMatchObject({ is_valid: true });
  writeAll(trust, { 'trust.json': trustBytes(revoking(2)) });
  await here.service.source.refresh();
  expect(await call()).toMatchObject({ is_valid: false, violations: [{ rule: 'bundle.refused' }] });
  await here.close();
  rmSync(trust, { recursive: true });
});

const published = new Map<string, Uint8Array>();
const server = createServer(({ url = '' }, response) => {
  const found = published.get(url.slice(1));
  response.writeHead(found ? 200 : 404).end(found);
});
let here: Running;
let trust: string;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  published.set('acme.mjs', await release(10));
  trust = directoryOf({ 'trust.json': trustBytes(first) });
  here = await running({
    files: {},
    config: {
      policies: {
        path: `${base}/acme.mjs`,
        trust: `${trust}/trust.json`,
        roots: `${base}/trust.{version}.json`,
        poll: '1h',
        name: 'acme',
      },
    },
    now: () => NOW,
  });
});
afterAll(async () => {
  await here.close();
  server.closeAllConnections();
  server.close();
  rmSync(trust, { recursive: true });
});

const put = async (sequence: number): Promise<Response> =>
  here.ask('/policies/acme', {
    as: 'admin',
    method: 'PUT',
    body: await release(sequence),
    headers: { 'content-type': 'text/javascript' },
  });
const activate = (query = ''): Promise<Response> =>
  here.ask(`/policies/acme/activate${query}`, { as: 'admin', method: 'POST' });
const active = (): unknown => here.service.deps.registry.slot('acme')?.bundle.identity.sequence;
const settled = async (sequence: number): Promise<void> => {
  for (let left = 200; left > 0 && active() !== sequence; left -= 1)
    await new Promise((done) => setTimeout(done, 10));
  expect(active()).toBe(sequence);
};

it('beside an address, what is handed in is held against the same memory', async () => {
  await settled(10);
  expect((await put(9)).status).toBe(200);
  const refused = await activate();
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('9 after 10')]);
  await put(20);
  expect((await activate()).status).toBe(200);
  // What the source has is older by now.
  published.set('acme.mjs', await release(11));
  await here.service.source.refresh();
  await here.service.source.refresh();
  expect(active()).toBe(20);
  expect(JSON.stringify(here.audit())).toContain('11 after 20');
});

it('one that is named is activated, and no other that waits in its place', async () => {
  const { digest } = (await (await put(21)).json()) as Tree;
  await put(22);
  const refused = await activate(`?digest=sha256:${String(digest)}`);
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'other_bundle_waits' }]);
  const { digest: other } = (await (await put(22)).json()) as Tree;
  expect((await activate(`?digest=sha256:${String(other)}`)).status).toBe(200);
  expect(active()).toBe(22);
});

it('nor is it trusted for longer than the roots that were walked say', async () => {
  await put(23);
  const next = await signPayload(trustBytes(revoking(2)), keySigner(rootKey), TRUST_PAYLOAD_TYPE);
  published.set('trust.2.json.sigstore.json', next);
  await here.service.source.refresh();
  // What waits was verified before; what decides was handed in, and the source does not know of it.
  expect((await activate()).status).toBe(422);
  expect((await put(24)).status).toBe(422);
  const reply = await here.ask('/validate', { body: PASSED });
  expect(await reply.json()).toMatchObject({ is_valid: false, violations: [{ rule: 'bundle.refused' }] });
});
