/** Sessions and runs over HTTP: whose they are, what is approved by whom, and what outlives a restart. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryOf, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const POLICIES = {
  'policies/base.yaml': `policies:
  - name: base
    rules:
      - rule: ask_for_transfers
        severity: medium
        enforcement: require_approval
        pattern: { tool: payments.transfer, arg: amount, operation: gt, value: 100 }
      - rule: few_queries
        max_calls: { tool: db.query, limit: 2 }
`,
};

let here: Running;
let state: string;
const start = (): Promise<Running> =>
  running({ files: POLICIES, config: { state_dir: state, policies: { capabilities: ['session'] } } });
beforeAll(async () => {
  state = directoryOf({});
  here = await start();
});
afterAll(async () => {
  await here.close();
  rmSync(state, { recursive: true });
});

const post = async (path: string, body: unknown, as = 'runner'): Promise<{ status: number; body: Tree }> => {
  const reply = await here.ask(path, { as, body });
  return { status: reply.status, body: (await reply.json()) as Tree };
};
const open = async (): Promise<string> => String((await post('/sessions', {})).body['session_id']);
const query = { tool: 'db.query', args: { sql: 'SELECT 1' } };

it('a session is its subject’s, and nobody else hears of it', async () => {
  const id = await open();
  expect((await post(`/sessions/${id}/calls`, query)).body).toMatchObject({ is_valid: true, admitted: true });
  expect((await post(`/sessions/${id}/calls`, query, 'validator')).status).toBe(403);
  expect((await post(`/sessions/00000000-${id}/calls`, query)).status).toBe(404);
});

it('calls count, also after a restart', async () => {
  const id = await open();
  const call = async (): Promise<unknown> => (await post(`/sessions/${id}/calls`, query)).body['is_valid'];
  expect([await call()]).toEqual([true]);
  await here.close();
  here = await start();
  expect([await call(), await call()]).toEqual([true, false]);
});

it('an approval is another’s, once, and is written down', async () => {
  const id = await open();
  const asked = await post(`/sessions/${id}/calls`, { tool: 'payments.transfer', args: { amount: 500 } });
  expect(asked.body).toMatchObject({ status: 'approval', is_valid: false });
  const { ticket, id: call } = asked.body;
  expect((await post(`/sessions/${id}/approvals`, { ticket })).status).toBe(403);
  expect((await post(`/sessions/${id}/approvals`, { ticket }, 'approver')).body).toMatchObject({
    is_valid: true,
  });
  expect(await post(`/sessions/${id}/approvals`, { ticket }, 'approver')).toMatchObject({ status: 422 });
  expect((await post(`/sessions/${id}/results`, { id: call, outcome: 'succeeded' })).body).toEqual({
    id: call,
    owed: [],
  });
  expect(await post(`/sessions/${id}/results`, { id: 'none', outcome: 'succeeded' })).toMatchObject({
    status: 422,
    body: { code: 'session_refused' },
  });
  expect(here.audit().map(({ action, user }) => `${String(action)} ${String(user)}`)).toEqual(
    expect.arrayContaining([
      'session_opened rob',
      'session_call rob',
      'session_approval eve',
      'session_result rob',
    ]),
  );
});

it('a run holds calls to its plan', async () => {
  const plan = { id: 'plan-1', steps: [{ id: 'a', tool: 'db.query', args: { sql: 'SELECT 1' } }] };
  const run = await post('/runs', { plan });
  expect(run).toMatchObject({ status: 201, body: { is_valid: true } });
  const id = String(run.body['session_id']);
  expect((await post(`/sessions/${id}/calls`, { step: 'a', ...query })).body).toMatchObject({
    is_valid: true,
  });
  expect((await post(`/sessions/${id}/calls`, { tool: 'db.drop', args: {} })).body).toMatchObject({
    is_valid: false,
  });
  const closed = await here.ask(`/sessions/${id}/close`, { as: 'runner', method: 'POST' });
  expect(closed.status).toBe(200);
  expect((await post(`/sessions/${id}/calls`, query)).status).toBe(404);
});

it('a session of another replica is elsewhere', async () => {
  const reply = await post('/sessions/deadbeef-4f9c1f6e-0b0e-4f6b-8f43-1b8a54c2a1aa/calls', query);
  expect(reply).toMatchObject({ status: 409, body: { code: 'session_elsewhere' } });
});

it.each([
  ['a member that there is not', { ...query, extra: 1 }, 400],
  ['a member twice', '{"tool": "a", "tool": "b", "args": {}}', 400],
  ['no tool', { args: {} }, 400],
])('%s is refused', async (_, body, status) => {
  const id = await open();
  expect((await post(`/sessions/${id}/calls`, body)).status).toBe(status);
});
