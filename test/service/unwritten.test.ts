/** What is told has a line, or says that it has none; and whoever wants no line, or too many, does not get their way. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import { generateKey, writePrivateKey } from '../../compiler/6-sign/index.ts';
import { AuditError } from '../../service/audit/errors.ts';
import { directoryOf, PASSED, running, TOKENS } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const SELF = { username: 'sam', permissions: ['run_session', 'approve_plan'] };

let here: Running;
let keys: string;
beforeAll(async () => {
  keys = directoryOf({ 'decision.key': writePrivateKey(generateKey('p256')) });
  here = await running({
    people: { ...TOKENS, other: { username: 'zoe', permissions: ['run_session'] }, self: SELF },
    config: {
      audit: { on_failure: 'allow' },
      auth: { trust_context: false },
      receipts: { key_file: `${keys}/decision.key` },
    },
  });
});
afterAll(async () => {
  await here.close();
  rmSync(keys, { recursive: true });
});

const open = async (as: string): Promise<string> =>
  String(((await (await here.ask('/sessions', { as, body: {} })).json()) as Tree)['session_id']);
const linesOf = (isMeant: (line: Tree) => boolean): readonly Tree[] => here.audit().filter(isMeant);
const detailOf = (line: Tree): Tree => (line['detail'] ?? {}) as Tree;

it('where the log is away and answers are wanted all the same, each of them says so', async () => {
  const id = await open('runner');
  const { audit } = here.service.deps;
  const append = audit.append.bind(audit);
  audit.append = () => Promise.reject(new AuditError('audit_unavailable', 'a test'));
  try {
    const tuple = {
      subject: { type: 'user', id: 'a' },
      action: { name: 'read' },
      resource: { type: 'record', id: '1' },
    };
    const asked = [
      ['/validate?receipt=true', 'validator', PASSED],
      ['/sessions', 'runner', {}],
      [`/sessions/${id}/calls`, 'runner', { tool: 'db.query', args: { sql: 'SELECT 1' } }],
      ['/access/v1/evaluation', 'validator', tuple],
      ['/policies', 'viewer', undefined],
    ] as const;
    for (const [path, as, body] of asked) {
      const reply = await here.ask(path, { as, body });
      expect([path, reply.headers.get('x-plan-lint-failure-mode')]).toEqual([path, 'allow']);
      const answer = (await reply.json()) as Tree;
      expect(answer).toMatchObject({ audited: false });
      expect(answer).not.toHaveProperty('receipt');
    }
  } finally {
    audit.append = append;
  }
  const written = (await (await here.ask('/validate?receipt=true', { body: PASSED })).json()) as Tree;
  expect(Object.keys(written)).toContain('receipt');
  expect(Object.keys(written)).not.toContain('audited');
});

it('a call is not left out for its id', async () => {
  const id = await open('runner');
  const body = { id: 'x'.repeat(300_000), tool: 'db.query', args: { sql: 'SELECT 1' } };
  const reply = await here.ask(`/sessions/${id}/calls`, { as: 'runner', body });
  const { decision_id } = (await reply.json()) as Tree;
  const [line = {}] = linesOf((each) => each['decision_id'] === decision_id);
  expect(detailOf(line)['call']).toMatch(/^sha256:[0-9a-f]{64}$/);
});

it('a refusal of somebody who is known has a line, whoever refuses', async () => {
  const id = await open('self');
  const ask = async (path: string, as: string, body: unknown, method = 'POST'): Promise<number> =>
    (await here.ask(path, { as, body, method, headers: { 'content-type': typeOf(method) } })).status;
  const typeOf = (method: string): string => (method === 'PUT' ? 'text/javascript' : 'application/json');
  expect([
    await ask('/policies/acme', 'viewer', 'text', 'PUT'),
    await ask('/validate?form=record', 'validator', { plan: PASSED }),
    await ask(`/sessions/${id}/calls`, 'other', { tool: 'a', args: {} }),
    await ask(`/sessions/${id}/approvals`, 'self', { ticket: 'x' }),
    await ask('/access/v1/evaluation', 'validator', { subject: 7 }),
  ]).toEqual([403, 403, 404, 403, 400]);
  const denied = linesOf(({ action }) => action === 'auth_denied');
  expect(denied.map((line) => [line['user'], detailOf(line)['code']])).toEqual([
    ['vera', 'forbidden'],
    ['ada', 'context_not_trusted'],
    ['zoe', 'unknown_session'],
    ['sam', 'forbidden'],
  ]);
  const [unread = {}] = linesOf(({ via }) => via === 'authzen').slice(-1);
  expect(unread).toMatchObject({ user: 'ada', result: { is_valid: false } });
});

it('whoever has no token does not fill the log: what is beyond a few lines is summed', async () => {
  const before = here.audit().length;
  for (let left = 30; left > 0; left -= 1) await here.ask('/validate', { as: null, body: PASSED });
  expect(here.audit().length - before).toBe(20);
  await here.service.deps.denials.flush();
  expect(here.audit().slice(-1)).toMatchObject([
    { action: 'auth_denied', user: 'unknown', detail: { code: 'more_refusals', count: 10, sources: 1 } },
  ]);
});
