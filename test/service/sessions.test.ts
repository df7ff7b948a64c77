/** Sessions and runs over HTTP: whose they are, what is approved by whom, and what outlives a restart. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../service/database/open.ts';
import { directoryOf, running, TOKENS } from './support/running.ts';
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

describe('what ends, and how much there may be', () => {
  const HOUR = 3_600_000;
  let now = Date.parse('2026-06-01T00:00:00Z');
  let there: Running;
  let folder: string;
  const begin = (): Promise<Running> =>
    running({
      files: POLICIES,
      people: { ...TOKENS, second: { username: 'sam', permissions: ['run_session'] } },
      config: {
        state_dir: folder,
        sessions: { idle: '1h' },
        limits: { sessions_per_subject: 3, session_bytes_per_subject: '64KiB' },
      },
      now: () => now,
    });
  beforeAll(async () => {
    folder = directoryOf({});
    there = await begin();
  });
  afterAll(async () => {
    await there.close();
    rmSync(folder, { recursive: true });
  });
  const ask = (path: string, body: unknown = {}, as = 'runner'): Promise<Response> =>
    there.ask(path, { as, body });
  const opens = async (as = 'runner'): Promise<string> =>
    String(((await (await ask('/sessions', {}, as)).json()) as Tree)['session_id']);
  const statusOf = async (id: string): Promise<number> => (await ask(`/sessions/${id}/calls`, query)).status;
  async function kept(): Promise<readonly unknown[]> {
    const database = await openDatabase(`sqlite:${join(folder, 'sessions.db')}`);
    const rows = await database.transaction((run) => run('SELECT id FROM plan_lint_sessions'));
    await database.close();
    return rows.map((row) => row['id']);
  }

  it('a session that is closed while it is called stays closed, also after a restart', async () => {
    const id = await opens();
    await Promise.all([ask(`/sessions/${id}/close`), ...Array.from({ length: 8 }, () => statusOf(id))]);
    expect([await statusOf(id), await kept()]).toEqual([404, []]);
    await there.close();
    there = await begin();
    expect(await statusOf(id)).toBe(404);
  });

  it('a session that nobody asks for ends, and its line says so; asking again, or a restart, does not wake it', async () => {
    const [id, other] = [await opens(), await opens()];
    expect(await statusOf(id)).toBe(200);
    now += HOUR + 1;
    expect([await statusOf(id), await statusOf(id)]).toEqual([404, 404]);
    expect(there.audit().find(({ action }) => action === 'session_closed')).toMatchObject({
      user: 'rob',
      result: { is_valid: true },
      detail: { session: id, reason: 'idle' },
    });
    await there.close();
    there = await begin();
    // It was ended at the start: nobody had to ask for it.
    expect(await kept()).toEqual([]);
    expect(there.audit().some((line) => (line['detail'] as Tree | undefined)?.['session'] === other)).toBe(
      true,
    );
    expect(await statusOf(other)).toBe(404);
  });

  it('one user has some places, not all; a place is free when its session ends', async () => {
    const replies = await Promise.all(Array.from({ length: 9 }, () => ask('/sessions')));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(6);
    const theirs = await opens('second');
    expect((await ask(`/sessions/${theirs}/close`, {}, 'second')).status).toBe(200);
    now += HOUR + 1;
    expect((await ask('/sessions')).status).toBe(201);
    expect(await kept()).toHaveLength(1);
  });

  it('a plan that is more than one user may keep is refused, and not kept', async () => {
    const steps = [{ id: 'a', tool: 'db.query', args: { sql: 'x'.repeat(70_000) } }];
    expect((await ask('/runs', { plan: { steps } })).status).toBe(429);
    expect(await kept()).toHaveLength(1);
  });

  it('places are taken again after a restart', async () => {
    now += HOUR + 1;
    await Promise.all([opens(), opens(), opens()]);
    await there.close();
    there = await begin();
    expect((await ask('/sessions')).status).toBe(429);
  });

  it('one whose bundle is gone ends when nobody asks for it, and its line says that nobody could decide', async () => {
    const [id] = await kept();
    await there.close();
    now += HOUR + 1;
    there = await running({
      files: { 'policies/base.yaml': 'policies: [{ name: base, max_steps: 3 }]' },
      config: { state_dir: folder, sessions: { idle: '1h' } },
      now: () => now,
    });
    expect(await kept()).toEqual([]);
    const line = there.audit().find(({ detail }) => (detail as Tree | undefined)?.['session'] === id);
    expect(line).toMatchObject({ action: 'session_closed', user: 'rob', result: null });
    expect(line).toMatchObject({ detail: { undecided: 'the bundle is no longer here' } });
  });
});

describe('replicas that share a database', () => {
  const replicas: Running[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = directoryOf({});
    const config = { sessions: { url: `sqlite:${join(folder, 'shared.db')}` } };
    for (let i = 0; i < 2; i += 1) replicas.push(await running({ files: POLICIES, config }));
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    rmSync(folder, { recursive: true });
  });
  const at = async (n: number, path: string, body: unknown, as = 'runner'): Promise<Tree> => {
    const reply = await replicas[n % 2]?.ask(path, { as, body });
    return { http: reply?.status, ...((await reply?.json()) as Tree) };
  };

  it('count calls together, whichever is asked', async () => {
    const id = String((await at(0, '/sessions', {}))['session_id']);
    const calls = await Promise.all(
      Array.from({ length: 12 }, (_, i) => at(i, `/sessions/${id}/calls`, query)),
    );
    const admitted = calls.filter((call) => call['is_valid'] === true);
    expect(admitted).toHaveLength(2);
    expect(calls.every(({ http }) => http === 200 || http === 409)).toBe(true);
  });

  it('an approval at one counts at the other, and what is closed at one is closed', async () => {
    const id = String((await at(0, '/sessions', {}))['session_id']);
    await at(1, `/sessions/${id}/calls`, query);
    const transfer = { tool: 'payments.transfer', args: { amount: 500 } };
    const { ticket } = await at(0, `/sessions/${id}/calls`, transfer);
    expect(await at(1, `/sessions/${id}/approvals`, { ticket }, 'approver')).toMatchObject({
      is_valid: true,
    });
    expect(await at(0, `/sessions/${id}/approvals`, { ticket }, 'approver')).toMatchObject({ http: 422 });
    expect(await at(1, `/sessions/${id}/close`, {})).toMatchObject({ http: 200 });
    expect(await at(0, `/sessions/${id}/calls`, query)).toMatchObject({ http: 404 });
  });
});
