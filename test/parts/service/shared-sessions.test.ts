/** Sessions of two replicas in one PostgreSQL: counted together, refused while it is away, and none the worse for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { running } from '../../service/support/running.ts';
import type { Running, Tree } from '../../service/support/running.ts';
import { startPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';

const LIMIT = 20;
const POLICIES = {
  'policies/base.yaml': `policies:
  - name: base
    rules:
      - rule: ask_for_transfers
        severity: medium
        enforcement: require_approval
        pattern: { tool: payments.transfer, arg: amount, operation: gt, value: 100 }
      - rule: few_queries
        max_calls: { tool: db.query, limit: ${LIMIT} }
`,
};

const directory = mkdtempSync(join(tmpdir(), 'plan-lint-sessions-'));
const replicas: Running[] = [];
let server: Postgres;
beforeAll(async () => {
  server = await startPostgres(directory);
  const config = { sessions: { url: server.url } };
  for (let i = 0; i < 2; i += 1) replicas.push(await running({ files: POLICIES, config }));
});
afterAll(async () => {
  for (const replica of replicas) await replica.close();
  server.end();
  rmSync(directory, { recursive: true, force: true });
});

async function at(n: number, path: string, body: unknown, as = 'runner'): Promise<Tree> {
  const reply = await replicas[n % 2]?.ask(path, { as, body });
  return { http: reply?.status, ...((await reply?.json()) as Tree) };
}
const open = async (): Promise<string> => String((await at(0, '/sessions', {}))['session_id']);
const query = { tool: 'db.query', args: { sql: 'SELECT 1' } };

it('calls at once at both are counted together', async () => {
  const id = await open();
  let admitted = 0;
  let conflicts = 0;
  for (let round = 0; round < 10; round += 1) {
    const calls = await Promise.all(
      Array.from({ length: 6 }, (_, i) => at(i, `/sessions/${id}/calls`, query)),
    );
    for (const call of calls) expect([200, 409]).toContain(call['http']);
    admitted += calls.filter((call) => call['is_valid'] === true).length;
    conflicts += calls.filter(({ http }) => http === 409).length;
  }
  console.log(JSON.stringify({ sessions: 'postgres', admitted, conflicts }));
  expect(admitted).toBe(LIMIT);
});

it('an approval at one counts at the other, once; what is closed at one is closed', async () => {
  const id = await open();
  const transfer = { tool: 'payments.transfer', args: { amount: 500 } };
  const { ticket } = await at(1, `/sessions/${id}/calls`, transfer);
  const approvals = await Promise.all(
    [0, 1].map((n) => at(n, `/sessions/${id}/approvals`, { ticket }, 'approver')),
  );
  expect(approvals.map(({ http }) => http).sort()).toEqual([200, 422]);
  expect(await at(1, `/sessions/${id}/close`, {})).toMatchObject({ http: 200 });
  expect(await at(0, `/sessions/${id}/calls`, query)).toMatchObject({ http: 404 });
});

it('a database that is away refuses calls, and what was counted is counted still', async () => {
  const id = await open();
  for (let i = 0; i < LIMIT - 1; i += 1)
    expect(await at(i, `/sessions/${id}/calls`, query)).toMatchObject({ is_valid: true });
  server.stop('immediate');
  for (const n of [0, 1])
    expect(await at(n, `/sessions/${id}/calls`, query)).toMatchObject({
      http: 503,
      code: 'sessions_unavailable',
    });
  expect(await at(0, '/sessions', {})).toMatchObject({ http: 503 });
  // Plans are decided all the same.
  expect(await at(0, '/validate', { id: 'p', steps: [] }, 'validator')).toMatchObject({ http: 200 });
  server.start();
  const calls = [];
  for (let i = 0; i < 4; i += 1) calls.push((await at(i, `/sessions/${id}/calls`, query))['is_valid']);
  expect(calls).toEqual([true, false, false, false]);
});
