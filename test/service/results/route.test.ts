/** `GET /results` through the service: what was decided can be looked up, and nothing of it by who may not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DENIED, PASSED, running } from '../support/running.ts';
import type { Running } from '../support/running.ts';

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-results-'));
let here: Running;
beforeAll(async () => {
  here = await running({ config: { results: { url: `sqlite:${join(directory, 'results.db')}` } } });
});
afterAll(async () => {
  await here.close();
  rmSync(directory, { recursive: true, force: true });
});

const users = async (): Promise<readonly string[]> => {
  const reply = await here.ask('/results?status=deny', { as: 'viewer' });
  expect(reply.status).toBe(200);
  const page = (await reply.json()) as { readonly results: readonly { readonly user: string }[] };
  return page.results.map(({ user }) => user);
};

it('finds a decision, and its subject can be erased', async () => {
  for (const body of [DENIED, PASSED]) expect((await here.ask('/validate', { body })).status).toBe(200);
  await expect.poll(users, { timeout: 10_000 }).toEqual(['ada']);
  expect(here.audit()).toContainEqual(
    expect.objectContaining({ action: 'results_read', user: 'vera', detail: { parameters: 'status' } }),
  );
  const metrics = await (await here.ask('/metrics')).text();
  expect(metrics).toMatch(/^plan_lint_sink_up\{sink="results"\} 1$/m);
  expect((await here.ask('/results?user=ada', { as: 'viewer', method: 'DELETE' })).status).toBe(403);
  expect((await here.ask('/results?user=ada', { as: 'admin', method: 'DELETE' })).status).toBe(202);
  await expect.poll(users, { timeout: 10_000 }).toEqual(['erased']);
});

it('refuses who may not, and what it does not know', async () => {
  expect((await here.ask('/results', { as: 'runner' })).status).toBe(403);
  expect((await here.ask('/results?limit=0', { as: 'viewer' })).status).toBe(400);
  expect((await here.ask('/results?users=ada', { as: 'viewer' })).status).toBe(400);
});
