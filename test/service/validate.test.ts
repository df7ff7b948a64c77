/** `POST /validate` as the source document has it, and what a hostile caller would try. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DENIED, PASSED, running } from './support/running.ts';
import type { Running, Tree } from './support/running.ts';

let here: Running;
beforeAll(async () => {
  here = await running();
});
afterAll(() => here.close());

const decisionOf = async (reply: Response): Promise<Tree> => (await reply.json()) as Tree;

describe('the bodies of the source document', () => {
  it('401, byte for byte', async () => {
    for (const as of [null, 'nobody']) {
      const reply = await here.ask('/validate', { as, body: PASSED });
      expect([reply.status, await reply.text()]).toEqual([401, '{"error":"Unauthorized"}']);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('403, byte for byte', async () => {
    const reply = await here.ask('/validate', { as: 'viewer', body: PASSED });
    expect([reply.status, await reply.text()]).toEqual([403, '{"error":"Forbidden"}']);
  });

  it('200: whether it is valid, and why not', async () => {
    const passed = await here.ask('/validate', { body: PASSED });
    expect(passed.status).toBe(200);
    expect((await passed.text()).startsWith('{"is_valid":true,"violations":[],')).toBe(true);
    const reply = await here.ask('/validate', { body: DENIED });
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await decisionOf(reply)).toMatchObject({
      is_valid: false,
      status: 'deny',
      violations: [
        {
          rule: 'prevent_sql_injection',
          severity: 'critical',
          message: expect.any(String) as string,
          step_id: 'a',
        },
      ],
    });
  });
});

it('the line is there before the answer, its first six members are the document’s', async () => {
  const reply = await here.ask('/validate', { body: DENIED, headers: { 'x-request-id': 'r-17' } });
  const { decision_id } = await decisionOf(reply);
  expect(reply.headers.get('x-request-id')).toBe('r-17');
  const line = here.audit().find((each) => each['decision_id'] === decision_id);
  expect(Object.keys(line ?? {}).slice(0, 6)).toEqual([
    'timestamp',
    'action',
    'plan_id',
    'policy_id',
    'user',
    'result',
  ]);
  expect(line).toMatchObject({
    action: 'validate_plan',
    plan_id: 'p-1',
    user: 'ada',
    request_id: 'r-17',
    result: { is_valid: false, violation_count: 1 },
  });
});

it('refusals are in the log, tokens are not', async () => {
  await here.ask('/validate', { as: 'a-token-that-is-secret', body: PASSED });
  const text = JSON.stringify(here.audit());
  expect(text).toContain('auth_denied');
  expect(text).not.toContain('a-token-that-is-secret');
});

describe('what is refused before it is decided', () => {
  it.each([
    ['no JSON', '{"steps": [', 400, 'unreadable'],
    ['a member twice', '{"steps": [], "steps": []}', 400, 'unreadable'],
    // V8 12.9 to 14.6 can be made to read such a name as another one.
    ['a member twice, once with an escape', '{"steps": [], "st\\u0065ps": []}', 400, 'unreadable'],
    ['an integer that no double holds', '{"steps": [], "n": 9007199254740993}', 400, 'unreadable'],
    ['nothing', '', 400, 'unreadable'],
  ])('%s', async (_, body, status, code) => {
    const reply = await here.ask('/validate', { method: 'POST', body });
    expect(reply.status).toBe(status);
    expect(await decisionOf(reply)).toMatchObject({ code });
  });

  it('another media type, and any encoding', async () => {
    const text = JSON.stringify(PASSED);
    const types = [
      { 'content-type': 'text/plain' },
      { 'content-encoding': 'gzip' },
      { 'content-type': 'application/jsonx' },
    ];
    for (const headers of types) {
      const reply = await here.ask('/validate', { body: text, headers });
      expect(reply.status).toBe(415);
    }
  });

  it('a body beyond the limit', async () => {
    const reply = await here.ask('/validate', { body: `{"steps": [], "x": "${'x'.repeat(1 << 20)}"}` });
    expect(reply.status).toBe(413);
    expect(await decisionOf(reply)).toMatchObject({ code: 'too_large' });
  });

  it('a policy that there is not', async () => {
    const reply = await here.ask('/validate?policy=nothing', { body: PASSED });
    expect(reply.status).toBe(404);
    expect(await decisionOf(reply)).toMatchObject({ code: 'unknown_policy' });
  });
});

describe('what is no plan is denied', () => {
  it.each([
    ['a number', '7'],
    ['steps that are none', '{"steps": {}}'],
    ['a prototype', '{"__proto__": {"steps": []}}'],
    ['64 levels', `{"steps": [{"id": "a", "tool": "t", "args": ${'{"a":'.repeat(64)}1${'}'.repeat(64)}}]}`],
  ])('%s', async (_, body) => {
    const reply = await here.ask('/validate', { method: 'POST', body });
    expect(reply.status).toBe(200);
    expect(await decisionOf(reply)).toMatchObject({ is_valid: false, status: 'deny' });
  });
});

it('a large plan is decided in the same words', async () => {
  const steps = [{ id: 'a', tool: 'db.query', args: { sql: '1=1', more: 'x'.repeat(300_000) } }];
  const reply = await here.ask('/validate', { body: { id: 'large', steps } });
  expect(await decisionOf(reply)).toMatchObject({
    is_valid: false,
    violations: [{ rule: 'prevent_sql_injection' }],
  });
});

describe('checks that wait for values', () => {
  const waiting = {
    id: 'waits',
    steps: [
      { id: 'q', tool: 'ask.user', args: {} },
      { id: 'a', tool: 'db.query', args: { sql: '${q.result}' }, depends_on: ['q'] },
    ],
  };
  const later = async (there: Running): Promise<readonly Tree[]> => {
    const body = JSON.stringify(waiting);
    const headers = { 'content-type': 'application/x-ndjson' };
    const whole = await decisionOf(await there.ask('/validate?values=later', { body }));
    const line = await decisionOf(await there.ask('/validate/batch?values=later', { body, headers }));
    const lines = there.audit().filter(({ plan_id }) => plan_id === 'waits');
    expect(lines.map(({ detail }) => detail)).toEqual(
      [whole, line].map(() => ({ values: 'later', pending: 1 })),
    );
    expect(lines.map(({ result }) => (result as Tree)['is_valid'])).toEqual([
      whole['is_valid'],
      line['is_valid'],
    ]);
    return [whole, line];
  };

  it('are a denial: whoever asked may never ask them', async () => {
    for (const decision of await later(here))
      expect(decision).toMatchObject({
        is_valid: false,
        status: 'deny',
        violations: [{ rule: 'values.pending' }],
        pending: [{ step_id: 'a' }],
      });
  });

  it('are none where the configuration allows them', async () => {
    const there = await running({ config: { policies: { allow_pending: true } } });
    for (const decision of await later(there))
      expect(decision).toMatchObject({ is_valid: true, violations: [], pending: [{ step_id: 'a' }] });
    await there.close();
  });
});

it('what a caller vouches for beside the plan comes as a record', async () => {
  const reply = await here.ask('/validate?form=record', { body: { plan: DENIED, context: { role: 'x' } } });
  expect(await decisionOf(reply)).toMatchObject({ is_valid: false });
  const bare = await here.ask('/validate?form=record', { body: DENIED });
  expect(bare.status).toBe(400);
});

describe('health and metrics', () => {
  it('lives, is ready, decides', async () => {
    const bodyOf = async (path: string): Promise<unknown> => (await here.ask(path, { as: null })).json();
    expect(await (await here.ask('/health', { as: null })).text()).toBe('{"status":"healthy"}');
    expect(await bodyOf('/health/ready')).toEqual({
      status: 'ready',
      policy_count: 1,
      system_metrics: {
        memory_percent: expect.any(Number) as number,
        cpu_percent: expect.any(Number) as number,
        disk_percent: expect.any(Number) as number,
      },
    });
    expect(await bodyOf('/health/deep')).toMatchObject({
      status: 'healthy',
      policy_validation_works: true,
      policy_path: here.path('policies'),
      signed: false,
    });
  });

  it('counts under the document’s names and labels', async () => {
    await here.ask('/validate', { body: DENIED });
    const text = await (await here.ask('/metrics', { as: null })).text();
    for (const line of [
      /^plan_lint_validations_total\{team="other",environment="test"\} \d+$/m,
      /^plan_lint_violations_total\{rule="prevent_sql_injection",severity="critical",team="other"\} \d+$/m,
      /^plan_lint_validation_seconds_count\{plan_size="1-5",policy_size="1-5"\} \d+$/m,
      /^plan_lint_policy_rules\{policy="[^"]+"\} 2$/m,
      /^plan_lint_validation_errors_total\{error_type="unreadable"\} \d+$/m,
      /^# TYPE plan_lint_validations_total counter$/m,
      /^# TYPE plan_lint_violations_total counter$/m,
      /^# TYPE plan_lint_validation_seconds histogram$/m,
      /^# TYPE plan_lint_policy_rules gauge$/m,
      /^# TYPE plan_lint_validation_errors_total counter$/m,
    ])
      expect(text).toMatch(line);
  });
});
