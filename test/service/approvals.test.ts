/** Approvals: asked for, listed, decided once by somebody else, bound to what was seen, ended by time; and told to a webhook that fails first. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKey } from '../../compiler/6-sign/index.ts';
import { digestOf } from '../../runtime/digest.ts';
import { AuditError } from '../../service/audit/errors.ts';
import { directoryOf, running, TOKENS } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const POLICY = `policies:
  - name: pay
    rules:
      - { rule: second_look, severity: medium, enforcement: require_approval, pattern: { tool: payments.transfer, operation: amount_gt, value: 100 } }
      - { rule: limit, severity: critical, pattern: { tool: payments.transfer, operation: amount_gt, value: 10000 } }
`;
const pay = (amount: number, id = `pay-${amount}`): Tree => ({
  id,
  steps: [{ id: 'a', tool: 'payments.transfer', args: { amount, note: 'SALARY' } }],
});
const PEOPLE = {
  ...TOKENS,
  validator: { username: 'ada', permissions: ['validate_plan', 'approve_plan'] },
  second: { username: 'sue', permissions: ['approve_plan'] },
};

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let here: Running;
let keys: string;
let clock = Date.parse('2026-06-01T00:00:00Z');
let hook: Server;
const told: Told[] = [];
/** What the webhook answers next; then 200. */
const answers: number[] = [];

beforeAll(async () => {
  keys = directoryOf({
    'decision.key': generateKey('p256').export({ type: 'pkcs8', format: 'pem' }),
    'webhook.secret': `whsec_${Buffer.from('of both').toString('base64')}\n`,
  });
  hook = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      told.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
  const { port } = hook.address() as { port: number };
  here = await running({
    files: { 'policies/pay.yaml': POLICY },
    people: PEOPLE,
    now: () => clock,
    config: {
      state_dir: `${keys}/state`,
      receipts: { key_file: `${keys}/decision.key` },
      approvals: {
        life: '1h',
        pending_per_subject: 20,
        webhook: { url: `http://127.0.0.1:${port}/hook`, secret_file: `${keys}/webhook.secret` },
      },
    },
  });
});
afterAll(async () => {
  await here.close();
  hook.close();
  rmSync(keys, { recursive: true });
});

const bodyOf = async (reply: Promise<Response>): Promise<Tree> => (await (await reply).json()) as Tree;
const ask = async (plan: Tree): Promise<Tree> => {
  const decision = await bodyOf(here.ask('/validate', { body: plan }));
  expect(decision).toMatchObject({ is_valid: false, status: 'approval' });
  return decision['approval'] as Tree;
};
const say = (id: unknown, decision: string, digest: unknown, as = 'approver'): Promise<Response> =>
  here.ask(`/approvals/${String(id)}`, { as, body: { decision, digest, reason: 'seen' } });
const linesOf = (action: string): readonly Tree[] => here.audit().filter((line) => line['action'] === action);

describe('the approval of a plan', () => {
  it('waits once, is approved by another, and becomes a receipt for this very plan', async () => {
    const plan = pay(500);
    const waiting = await ask(plan);
    expect(waiting['digest']).toBe(digestOf(plan));
    expect((await ask(plan))['id']).toBe(waiting['id']);
    expect(linesOf('approval_requested')).toHaveLength(1);
    // Whoever asked may decide others', and never this one.
    expect((await say(waiting['id'], 'approve', waiting['digest'], 'validator')).status).toBe(403);
    expect((await say(waiting['id'], 'approve', digestOf(pay(501)))).status).toBe(409);
    const settled = await bodyOf(say(waiting['id'], 'approve', waiting['digest']));
    expect(settled).toMatchObject({ state: 'approved', decided_by: 'eve', reason: 'seen' });
    const seen = await bodyOf(here.ask(`/approvals/${String(waiting['id'])}`));
    const { sidecar } = seen['receipt'] as { sidecar: string };
    const { dsseEnvelope } = JSON.parse(Buffer.from(sidecar, 'base64').toString()) as {
      dsseEnvelope: { payload: string };
    };
    expect(JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString())).toMatchObject({
      subject: [{ digest: { sha256: waiting['digest'] } }],
      predicate: { decision: { status: 'approval' }, approvals: [{ by: 'eve', digest: waiting['digest'] }] },
    });
    // Once: neither the same person nor another turns it round.
    expect((await say(waiting['id'], 'deny', waiting['digest'], 'second')).status).toBe(409);
    expect(linesOf('approval_decided')).toMatchObject([
      { user: 'eve', detail: { state: 'approved', requested_by: 'ada', receipt: true } },
    ]);
    // A plan that is denied, or passes, asks nobody.
    for (const amount of [50, 20_000])
      expect(await bodyOf(here.ask('/validate', { body: pay(amount) }))).not.toHaveProperty('approval');
  });

  it('of two who decide at once, one does', async () => {
    const { id, digest } = await ask(pay(600));
    const replies = await Promise.all([say(id, 'approve', digest), say(id, 'deny', digest, 'second')]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('is no longer given when its time is over, and says so', async () => {
    const { id, digest } = await ask(pay(700));
    clock += 3_600_000;
    expect(await bodyOf(here.ask(`/approvals/${String(id)}`))).toMatchObject({ state: 'expired' });
    expect((await say(id, 'approve', digest)).status).toBe(409);
    await here.service.deps.approvals?.sweep();
    expect(linesOf('approval_expired')).toMatchObject([{ user: 'plan-lint', detail: { approval: id } }]);
    // Asked for anew, it is another one.
    expect((await ask(pay(700)))['id']).not.toBe(id);
  });

  it('that cannot be written down is not given, and waits', async () => {
    const { id, digest } = await ask(pay(750));
    const { audit } = here.service.deps;
    const append = audit.append.bind(audit);
    audit.append = () => Promise.reject(new AuditError('audit_unavailable', 'a test'));
    try {
      expect((await say(id, 'approve', digest)).status).toBe(503);
    } finally {
      audit.append = append;
    }
    expect(await bodyOf(here.ask(`/approvals/${String(id)}`))).toMatchObject({ state: 'pending' });
    expect(await bodyOf(say(id, 'deny', digest))).toMatchObject({ state: 'denied' });
  });

  it('is shown to whoever asked and to those who may decide, and to nobody else', async () => {
    const { id } = await ask(pay(800));
    const statusAs = async (as: string): Promise<number> =>
      (await here.ask(`/approvals/${String(id)}`, { as })).status;
    expect([await statusAs('validator'), await statusAs('second'), await statusAs('viewer')]).toEqual([
      200, 200, 404,
    ]);
    expect((await here.ask('/approvals', { as: 'viewer' })).status).toBe(403);
  });

  it('is listed page by page, without what was asked; one user has so many', async () => {
    for (let n = 0; n < 30; n += 1) await here.ask('/validate', { body: pay(900 + n) });
    const last = await bodyOf(here.ask('/validate', { body: pay(990) }));
    expect(last['approval']).toEqual({ problem: 'too many approvals of this user wait' });
    const ids: unknown[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query: string = after === '' ? '' : `&after=${after}`;
      const page = await bodyOf(here.ask(`/approvals?limit=7${query}`, { as: 'approver' }));
      const rows = page['approvals'] as readonly Tree[];
      expect(JSON.stringify(rows)).not.toContain('SALARY');
      ids.push(...rows.map(({ id }) => id));
      after = page['next'] as string | null;
    }
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
  });
});

describe('the approval of a call', () => {
  it('is given by either road, once; one that was denied is given by none', async () => {
    const opened = await bodyOf(here.ask('/sessions', { as: 'runner', body: {} }));
    const path = `/sessions/${String(opened['session_id'])}`;
    const call = (amount: number): Promise<Tree> =>
      bodyOf(
        here.ask(`${path}/calls`, { as: 'runner', body: { tool: 'payments.transfer', args: { amount } } }),
      );
    const first = await call(200);
    const waiting = first['approval'] as Tree;
    expect(waiting['digest']).toBe(first['ticket']);
    expect(await bodyOf(say(waiting['id'], 'approve', first['ticket']))).toMatchObject({ state: 'approved' });
    expect(linesOf('session_approval')).toMatchObject([{ status: 'pass', user: 'eve' }]);
    const second = await call(300);
    const old = (ticket: unknown): Promise<Response> =>
      here.ask(`${path}/approvals`, { as: 'approver', body: { ticket } });
    expect(await bodyOf(old(second['ticket']))).toMatchObject({ admitted: true });
    expect(
      await bodyOf(here.ask(`/approvals/${String((second['approval'] as Tree)['id'])}`, { as: 'runner' })),
    ).toMatchObject({ state: 'approved' });
    const third = await call(400);
    await say((third['approval'] as Tree)['id'], 'deny', third['ticket']);
    expect((await old(third['ticket'])).status).toBe(409);
  });
});

describe('the webhook', () => {
  /** All that has happened so far has been told. */
  const caughtUp = (): Promise<void> =>
    expect
      .poll(() => here.service.deps.readers.statuses().map(({ lag }) => lag), { timeout: 20_000 })
      .toEqual([0]);

  it('is signed, tells every event with no value, and is tried again until it is heard', async () => {
    await caughtUp();
    answers.push(500, 429);
    const before = told.length;
    const { id, digest } = await bodyOf(here.ask('/approvals?limit=1', { as: 'approver' })).then(
      (page) => (page['approvals'] as readonly Tree[])[0] ?? {},
    );
    await say(id, 'deny', digest);
    await expect.poll(() => told.length - before, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    const [first, , third] = told.slice(before).map(({ headers }) => headers['webhook-id']);
    expect(first).toBe(third);
    for (const { headers, body } of told) {
      const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const signature = createHmac('sha256', 'of both').update(text).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      expect(body).not.toMatch(/SALARY|amount|message/);
    }
    const types = new Set(told.map(({ body }) => (JSON.parse(body) as Tree)['type']));
    expect([...types].sort()).toEqual(['approval.decided', 'approval.expired', 'approval.requested']);
  });

  it('that refuses a message is not asked again about it, and hears the next one', async () => {
    await caughtUp();
    answers.push(400);
    const before = told.length;
    const page = await bodyOf(here.ask('/approvals?limit=2', { as: 'approver' }));
    for (const { id, digest } of page['approvals'] as readonly Tree[]) await say(id, 'deny', digest);
    await expect.poll(() => told.length - before, { timeout: 10_000 }).toBe(2);
    const ids = told.slice(before).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
  });
});

it('what waits outlives the process, and is not approved by a bundle that came later', async () => {
  const page = await bodyOf(here.ask('/approvals?limit=1', { as: 'approver' }));
  const [{ id, digest } = {}] = page['approvals'] as readonly Tree[];
  here.write({ 'policies/pay.yaml': POLICY.replace('value: 100 ', 'value: 150 ') });
  await here.service.source.refresh();
  const reply = await say(id, 'approve', digest);
  expect([reply.status, await reply.json()]).toMatchObject([409, { code: 'approval_outdated' }]);
  expect((await say(id, 'deny', digest)).status).toBe(200);
});
