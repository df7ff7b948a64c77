/** What requests say twice or misspell, what anybody may ask for often, and settings that change. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tokenDigest } from '../../service/auth/static.ts';
import { directoryOf, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const tokens = (...names: readonly string[]): string =>
  JSON.stringify(
    names.map((name) => ({ sha256: tokenDigest(name), username: name, permissions: ['validate_plan'] })),
  );
let here: Running;
const folder = directoryOf({ 'tokens.json': tokens('first') });
beforeAll(async () => {
  here = await running({
    config: { metrics: { share: '1h' }, auth: { static: { file: join(folder, 'tokens.json') } } },
  });
});
afterAll(async () => {
  await here.close();
  rmSync(folder, { recursive: true });
});

const ask = (path: string, as: string | null = 'validator'): Promise<Response> =>
  fetch(here.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(as !== null && { authorization: `Bearer ${as}` }),
    },
    body: JSON.stringify(PASSED),
  });

it.each([
  ['/validate?polcy=strict', '`polcy` is no parameter of the query'],
  ['/validate?policy=a&policy=b', '`policy` is in the query twice'],
  ['/access/v1/evaluation?policy=a&policy=b', '`policy` is in the query twice'],
  ['/sessions/x/calls?policy=a', '`policy` is no parameter of the query; there are none'],
])('%s is refused', async (path, message) => {
  const reply = await ask(path, path.startsWith('/sessions') ? 'runner' : 'validator');
  expect([reply.status, ((await reply.json()) as Tree)['error']]).toEqual([
    400,
    expect.stringContaining(message),
  ]);
});

it('probes append what they like', async () => {
  expect((await here.ask('/health?probe=1&probe=2', { as: null })).status).toBe(200);
});

it('metrics are put together once for all who ask at about the same time', async () => {
  const scrape = async (): Promise<string> => (await here.ask('/metrics', { as: null })).text();
  const before = await scrape();
  expect((await ask('/validate')).status).toBe(200);
  expect(await scrape()).toBe(before);
});

it('the address of the service is nobody’s word', async () => {
  const { config } = here.service.deps;
  expect((await here.ask('/.well-known/authzen-configuration')).status).toBe(200);
  Object.defineProperty(here.service.deps, 'config', { value: { ...config, listen: '0.0.0.0:8000' } });
  expect((await here.ask('/.well-known/authzen-configuration')).status).toBe(404);
});

it('tokens are in force when their change is written down, and gone with their file', async () => {
  const { audit } = here.service.deps;
  const append = audit.append.bind(audit);
  const statusOf = async (as: string): Promise<number> => (await ask('/validate', as)).status;
  expect([await statusOf('first'), await statusOf('second')]).toEqual([200, 401]);
  audit.append = (event) =>
    event.action === 'config_changed' ? Promise.reject(new Error('full')) : append(event);
  const file = join(folder, 'tokens.json');
  writeFileSync(file, tokens('first', 'second'));
  await here.service.reopen();
  expect(await statusOf('second')).toBe(401);
  audit.append = append;
  await here.service.reopen();
  expect(await statusOf('second')).toBe(200);
  rmSync(file);
  await here.service.reopen();
  expect([await statusOf('first'), await statusOf('second')]).toEqual([401, 401]);
  expect(here.audit().filter(({ action }) => action === 'config_changed')).toHaveLength(2);
});
