/**
 * The certification scenario of the AuthZEN Authorization API 1.0 (Basic, Batch, Discovery; its sections in brackets), over TLS. Its
 * fixture is a policy of ours.
 */
import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:https';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

const POLICY = {
  'policies/record.yaml': `policies:
  - name: record
    rules:
      - rule: archived_records_are_not_written
        severity: high
        when: >-
          step.tool == "record.write" && has(step.args.status) && step.args.status == "archived" &&
          !(has(context.subject.properties.role) && context.subject.properties.role == "admin")
      - rule: bob_does_not_write
        severity: high
        when: >-
          step.tool == "record.write" && context.subject.id == "bob" &&
          !(has(context.subject.properties.role) && context.subject.properties.role == "admin")
      - rule: records_are_deleted_softly
        severity: high
        when: step.tool == "record.delete" && !(has(step.args.soft) && step.args.soft == true)
`,
};

let here: Running;
let ca: Buffer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plan-lint-tls-'));
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1,DNS:localhost',
    ],
    { stdio: 'ignore' },
  );
  ca = readFileSync(cert);
  here = await running({ files: POLICY, config: { tls: { cert_file: cert, key_file: key } } });
});
afterAll(async () => {
  await here.close();
  rmSync(folder, { recursive: true });
});

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Tree;
}

function ask(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(
      here.url + path,
      {
        method: body === undefined ? 'GET' : 'POST',
        ca,
        // A session that is resumed shows no certificate.
        agent: new Agent({ maxCachedSessions: 0 }),
        headers: { authorization: 'Bearer validator', 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: JSON.parse(text) as Tree,
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const user = (id: string, properties?: object): object => ({
  type: 'user',
  id,
  ...(properties && { properties }),
});
const record = (id: string, properties?: object): object => ({
  type: 'record',
  id,
  ...(properties && { properties }),
});
const action = (name: string, properties?: object): object => ({ name, ...(properties && { properties }) });
const alice = user('alice');
const bob = user('bob');
const active = record('record-1');
const archived = record('record-2', { status: 'archived' });
const read = action('read');
const write = action('write');
const ok = { subject: alice, action: read, resource: active };

const ONE = '/access/v1/evaluation';
const MANY = '/access/v1/evaluations';

it.each([
  ['the id, by the action', { ...ok, action: action('read', { id: 'record-9' }) }],
  ['the id, by the resource', { ...ok, resource: record('record-1', { id: 'record-9' }) }],
  ['a property, by the action', { ...ok, resource: archived, action: action('write', { status: 'active' }) }],
  [
    'the id of a plan',
    {
      ...ok,
      action: action('validate'),
      resource: { type: 'plan', id: 'p-1', properties: { id: 'p-2', steps: [] } },
    },
  ],
])('one name has one value: %s', async (_, body) => {
  const reply = await ask(ONE, body);
  expect([reply.status, reply.body['error']]).toEqual([400, expect.stringContaining('has two values')]);
});

describe('Basic', () => {
  it.each([
    ['2.2.1 rule 1', ok, true],
    ['rule 2', { ...ok, action: write }, true],
    ['rule 3', { ...ok, subject: bob }, true],
    ['2.2.2 rule 4', { subject: bob, action: write, resource: active }, false],
    ['2.2.3 context', { ...ok, context: { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' } }, true],
    ['2.2.4 rule 5', { subject: alice, action: write, resource: archived }, false],
    ['2.2.5 rule 6', { subject: user('bob', { role: 'admin' }), action: write, resource: archived }, true],
    ['2.2.6 rule 7', { ...ok, action: action('delete', { soft: true }) }, true],
    ['2.2.7 rule 8', { ...ok, action: action('delete', { soft: false }) }, false],
    [
      '2.2.8 more properties',
      {
        subject: user('alice', { department: 'Sales', role: 'manager' }),
        action: action('read', { method: 'GET' }),
        resource: record('record-1', { status: 'active', owner: 'bob' }),
      },
      true,
    ],
    ['2.2.9 unknown members', { ...ok, foo: 'bar', futureField: { nested: true } }, true],
  ])('%s', async (_, body, decision) => {
    const reply = await ask(ONE, body);
    expect(reply).toMatchObject({ status: 200, body: { decision } });
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(typeof reply.body['context']).toBe('object');
  });

  const without = (name: string): object =>
    Object.fromEntries(Object.entries(ok).filter(([key]) => key !== name));
  it.each([
    ['2.4.1 no subject', without('subject')],
    ['2.4.1 no action', without('action')],
    ['2.4.1 no resource', without('resource')],
    ['2.4.2 subject.type', { ...ok, subject: { id: 'alice' } }],
    ['2.4.2 subject.id', { ...ok, subject: { type: 'user' } }],
    ['2.4.2 action.name', { ...ok, action: {} }],
    ['2.4.2 resource.type', { ...ok, resource: { id: 'record-1' } }],
    ['2.4.2 resource.id', { ...ok, resource: { type: 'record' } }],
    ['2.4.4 malformed', '{"subject": '],
    ['2.4.5 empty', ''],
    ['2.4.6 subject is a text', { ...ok, subject: 'alice' }],
    ['2.4.6 action.name is a number', { ...ok, action: { name: 123 } }],
    ['a member twice', '{"subject": {"type": "user", "id": "alice", "id": "bob"}}'],
  ])('%s is refused', async (_, body) => {
    const reply = await ask(ONE, body);
    expect(reply.status).toBe(400);
    expect(typeof reply.body['error']).toBe('string');
    expect(reply.body).not.toHaveProperty('decision');
  });

  it('2.4.3 another content type', async () => {
    expect((await ask(ONE, ok, { 'content-type': 'text/plain' })).status).toBe(400);
  });

  it('2.5 X-Request-ID comes back', async () => {
    const id = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716';
    expect((await ask(ONE, ok, { 'x-request-id': id })).headers['x-request-id']).toBe(id);
    expect((await ask(ONE, ok)).status).toBe(200);
  });

  it('2.6 the same question has the same answer', async () => {
    for (let i = 0; i < 5; i += 1) expect((await ask(ONE, ok)).body['decision']).toBe(true);
  });
});

describe('Batch', () => {
  const decisions = async (body: unknown): Promise<unknown> => {
    const reply = await ask(MANY, body);
    expect(reply.status).toBe(200);
    return (reply.body['evaluations'] as readonly Tree[]).map(({ decision }) => decision);
  };
  it.each([
    [
      '3.2.2 order',
      { subject: bob, resource: active, evaluations: [{ action: read }, { action: write }] },
      [true, false],
    ],
    [
      '3.2.3 properties',
      {
        subject: alice,
        action: write,
        evaluations: [{ resource: record('record-1', { status: 'active' }) }, { resource: archived }],
      },
      [true, false],
    ],
    [
      '3.2.4 subject properties',
      {
        action: write,
        resource: archived,
        evaluations: [{ subject: alice }, { subject: user('bob', { role: 'admin' }) }],
      },
      [false, true],
    ],
    [
      '3.2.5 no defaults',
      { evaluations: [ok, { subject: bob, action: write, resource: active }] },
      [true, false],
    ],
    [
      '3.2.7 defaults',
      {
        subject: alice,
        action: write,
        resource: record('record-1', { status: 'active' }),
        evaluations: [{}, { resource: archived }],
      },
      [true, false],
    ],
    [
      '3.4.1 a bad item',
      {
        subject: alice,
        action: read,
        options: { evaluations_semantic: 'execute_all' },
        evaluations: [{ resource: active }, {}],
      },
      [true, false],
    ],
    [
      'deny_on_first_deny',
      {
        subject: bob,
        resource: active,
        options: { evaluations_semantic: 'deny_on_first_deny' },
        evaluations: [{ action: write }, { action: read }],
      },
      [false],
    ],
    [
      'permit_on_first_permit',
      {
        subject: bob,
        resource: active,
        options: { evaluations_semantic: 'permit_on_first_permit' },
        evaluations: [{ action: write }, { action: read }, { action: write }],
      },
      [false, true],
    ],
  ])('%s', async (_, body, expected) => {
    expect(await decisions(body)).toEqual(expected);
  });

  it('3.2.1, 3.2.6, 3.3: as many answers as questions', async () => {
    const shared = { subject: alice, action: read, context: { time: '2025-06-27T18:03-07:00' } };
    const items = [
      { resource: active },
      { resource: record('record-2'), context: { source: 'batch-override' } },
    ];
    expect(await decisions({ ...shared, evaluations: items })).toHaveLength(2);
  });

  it('a hundred are taken, and no larger body than may be decided in place', async () => {
    const many = await ask(MANY, { ...ok, evaluations: Array.from({ length: 101 }, () => ({})) });
    expect([many.status, many.body['error']]).toEqual([400, '`evaluations` has 101 items; 100 are taken']);
    const large = { ...ok, context: { note: 'x'.repeat(300_000) } };
    expect((await ask(ONE, large)).status).toBe(413);
  });

  it('a bad item is written down as a denial', async () => {
    const { body } = await ask(MANY, { ...ok, evaluations: [{}, { resource: 7 }] });
    const [, bad] = body['evaluations'] as readonly { decision: boolean; context: Tree }[];
    expect(bad).toMatchObject({ decision: false, context: { error: '`resource` is no object' } });
    const line = here.audit().find(({ decision_id }) => decision_id === bad?.context['decision_id']);
    expect(line).toMatchObject({ result: { is_valid: false }, via: 'authzen' });
  });

  it('3.4.2, 3.4.3: without evaluations it is one', async () => {
    expect((await ask(MANY, ok)).body).toMatchObject({ decision: true });
    expect((await ask(MANY, { ...ok, evaluations: [] })).body).toMatchObject({ decision: true });
  });
});

it('Discovery (6)', async () => {
  const { status, headers, body } = await ask('/.well-known/authzen-configuration');
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(body).toEqual({
    policy_decision_point: here.url,
    access_evaluation_endpoint: `${here.url}/access/v1/evaluation`,
    access_evaluations_endpoint: `${here.url}/access/v1/evaluations`,
  });
});

describe('of our own', () => {
  it('a plan and a call of a tool are asked as they are', async () => {
    const plan = {
      subject: alice,
      action: action('validate'),
      resource: {
        type: 'plan',
        id: 'p',
        properties: { steps: [{ id: 'a', tool: 'record.delete', args: {} }] },
      },
    };
    expect((await ask(ONE, plan)).body).toMatchObject({ decision: false, context: { status: 'deny' } });
    const call = {
      subject: alice,
      action: action('tools/call'),
      resource: { type: 'tool', id: 'record.delete', properties: { soft: true } },
    };
    expect((await ask(ONE, call)).body).toMatchObject({ decision: true });
  });

  it('each is in the audit log', () => {
    expect(here.audit().filter(({ via }) => via === 'authzen').length).toBeGreaterThan(20);
  });

  it('who asks must be somebody', async () => {
    expect((await ask(ONE, ok, { authorization: 'Bearer nobody' })).status).toBe(401);
  });
});

it('a certificate that is replaced is used by the next connection', async () => {
  const cert = join(folder, 'cert.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      join(folder, 'key.pem'),
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=second',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  await here.service.reopen();
  await expect(ask('/health', undefined, { connection: 'close' })).rejects.toThrow(
    /self-signed|unable to verify/,
  );
  ca = readFileSync(cert);
  expect((await ask('/health')).status).toBe(200);
});
