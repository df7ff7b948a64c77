/** `plan-lint session` and `replay`, by the built program in a plain directory. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { place } from '../cli/place.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const at = place();
afterAll(() => at.remove());

const POLICY = `policies:
  - name: payments
    rules:
      - rule: twice
        max_calls: { tool: pay.send, limit: 2 }
      - rule: ask
        enforcement: require_approval
        pattern: { tool: mail.send, arg: to, operation: exists }
      - rule: log-it
        require_after: { tool: pay.send, after: [audit.log] }
      - rule: aborts
        on_fail: { tool: pay.send, allow: [abort] }
`;

interface Run {
  readonly code: number | null;
  readonly out: readonly Record<string, unknown>[];
  readonly text: string;
  readonly err: string;
}

function run(args: readonly string[], lines: readonly (object | string)[] = []): Run {
  const input = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: at.directory,
    input,
    encoding: 'utf8',
  });
  const isJson = stdout.startsWith('{"');
  const out = isJson
    ? stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
  return { code: status, out, text: stdout, err: stderr };
}

const DECIDING = ['--bundle', 'acme.mjs', '--trust', 'keys/trust.json'];
const session = (lines: readonly (object | string)[], more: readonly string[] = []): Run =>
  run(['session', ...DECIDING, ...more], lines);

beforeAll(() => {
  at.write({ 'policies/p.yaml': POLICY, 'session.key': new Uint8Array(32).fill(9), 'short.key': 'x' });
  const made = [
    run(['keygen', '--out', 'keys', '--any-name']),
    run([
      'bundle',
      '--policy-dir',
      'policies',
      '--output',
      'acme.mjs',
      '--key',
      'keys/signer.key',
      '--capability',
      'session',
      '--name',
      'acme',
    ]),
    run([
      'bundle',
      '--policy-dir',
      'policies',
      '--output',
      'bare.mjs',
      '--key',
      'keys/signer.key',
      '--name',
      'acme',
    ]),
  ];
  expect(made.map(({ code, err }) => (code === 0 ? '' : err))).toEqual(['', '', '']);
});

const pay = (id: string): object => ({
  op: 'call',
  id,
  tool: 'pay.send',
  args: { text: '${not.a} reference' },
});
const decided = (status: string, rules: readonly string[] = []): unknown =>
  expect.objectContaining({
    status,
    violations: rules.map((rule) => expect.objectContaining({ rule }) as unknown),
  });

it('answers each line, closes at the end, and says by its code what was denied or owed', () => {
  const { code, out } = session([
    { op: 'open', session: 'run-1', context: { role: 'a' } },
    pay('a'),
    { op: 'end', id: 'a', outcome: 'succeeded', result: { ok: true } },
    pay('b'),
    pay('c'),
    { op: 'owed' },
  ]);
  expect(out).toEqual([
    { op: 'open', session: 'run-1', skipped: ['aborts'] },
    { op: 'call', id: 'a', decision: decided('pass') },
    { op: 'end', id: 'a' },
    { op: 'call', id: 'b', decision: decided('pass') },
    { op: 'call', id: 'c', decision: decided('deny', ['twice']) },
    {
      op: 'owed',
      owed: [expect.objectContaining({ id: 'a', rule: 'log-it' }), expect.objectContaining({ id: 'b' })],
    },
    { op: 'close', decision: decided('deny', ['log-it', 'log-it']) },
  ]);
  expect(code).toBe(1);
});

it('ends with 0 where all was admitted and nothing is owed; an approval settles its call', () => {
  const first = session(
    [{ op: 'call', id: 'm', tool: 'mail.send', args: { to: 'x' } }],
    ['--now', '2026-12-01T00:00:00Z'],
  );
  expect(first.code).toBe(1);
  const { ticket } = first.out[0]?.['decision'] as { ticket: string };
  const { code, out } = session([
    { op: 'call', id: 'm', tool: 'mail.send', args: { to: 'x' } },
    { op: 'approve', ticket, by: 'ann' },
    { op: 'close' },
  ]);
  expect(out.map(({ op, id }) => [op, id])).toEqual([
    ['call', 'm'],
    ['approve', 'm'],
    ['close', undefined],
  ]);
  expect(out[1]?.['decision']).toMatchObject({
    status: 'pass',
    violations: [{ rule: 'ask', approved_by: 'ann' }],
  });
  expect(code).toBe(0);
});

it('a line that is not understood leaves the session as it was, and ends in 2', () => {
  const { code, out } = session([
    'no json',
    '{"op":"call","tool":"a","tool":"b","args":{}}',
    { op: 'dance' },
    { op: 'call', tool: 'a.b', args: {}, extra: 1 },
    { op: 'call', args: {} },
    { op: 'approve', ticket: 'x', by: 'ann' },
    { op: 'end', id: 'z', outcome: 'succeeded' },
    { op: 'snapshot' },
    '',
    { op: 'call', id: 'ok', tool: 'a.b', args: {} },
    { op: 'open' },
  ]);
  expect(out.map(({ op, code: why, line }) => [op, why, line])).toEqual([
    ['error', 'session.line', 1],
    ['error', 'session.line', 2],
    ['error', 'session.line', 3],
    ['error', 'session.line', 4],
    ['error', 'session.line', 5],
    ['error', 'session.ticket_unknown', 6],
    ['error', 'session.unknown_call', 7],
    ['error', 'session.snapshot_untrusted', 8],
    ['call', undefined, undefined],
    ['error', 'session.line', 11],
    ['close', undefined, undefined],
  ]);
  expect(code).toBe(2);
});

it('goes on from a snapshot, in another process', () => {
  const seal = ['--seal-key', 'session.key'];
  const first = session([pay('a'), pay('b'), { op: 'snapshot' }], seal);
  const resume = first.out[2]?.['snapshot'];
  const again = session([{ op: 'open', resume }, pay('c')], seal);
  expect(again.out[1]?.['decision']).toMatchObject({ status: 'deny' });
  const forged = session([{ op: 'open', resume: `A${String(resume).slice(1)}` }], seal);
  expect([forged.code, forged.out[0]]).toEqual([
    2,
    expect.objectContaining({ code: 'session.snapshot_refused' }),
  ]);
  expect(session([], ['--seal-key', 'short.key'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('32 or more') as unknown,
  });
});

it('a bundle without the capability, or that is not trusted, ends in 4', () => {
  const bare = run(['session', '--bundle', 'bare.mjs', '--trust', 'keys/trust.json'], [pay('a')]);
  expect([bare.code, bare.err]).toEqual([4, expect.stringContaining('capability_missing')]);
  at.write({
    'changed.mjs': at.read('acme.mjs').replace('twice', 'thrice'),
    'changed.mjs.sigstore.json': at.read('acme.mjs.sigstore.json'),
  });
  const changed = run(['session', '--bundle', 'changed.mjs', '--trust', 'keys/trust.json'], [pay('a')]);
  expect([changed.code, changed.err]).toEqual([4, expect.stringContaining('digest_mismatch')]);
});

it('replay says it line by line', () => {
  at.write({
    'trace.jsonl': [pay('a'), { op: 'end', id: 'a', outcome: 'failed' }, pay('b'), pay('c'), { op: 'x' }]
      .map((each) => `${JSON.stringify(each)}\n`)
      .join(''),
  });
  const { code, text } = run(['replay', 'trace.jsonl', ...DECIDING]);
  expect(code).toBe(2);
  expect(text.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
    'line 1: call a: pass',
    'line 2: end a',
    'line 3: call b: pass',
    'line 4: call c: deny',
    expect.stringContaining('line 5: error[session.line]'),
    'line 6: close: deny',
    '',
  ]);
  expect(text).toContain('  twice: the session has called `pay.send` 2 times already');
  expect(run(['replay', 'absent.jsonl', ...DECIDING]).code).toBe(2);
});

it('holds a plan to its run', () => {
  const plan = {
    steps: [
      { id: 'q', tool: 'crm.read', args: {} },
      { id: 'm', tool: 'crm.note', args: { text: 'sum ${q.result.total}' } },
    ],
  };
  const { code, out } = session([
    { op: 'open', plan },
    { op: 'call', step: 'm', tool: 'crm.note', args: { text: 'sum 5' } },
    { op: 'call', step: 'q', tool: 'crm.read', args: {} },
    { op: 'end', id: 'q', outcome: 'succeeded', result: { total: 5 } },
    { op: 'call', step: 'm', tool: 'crm.note', args: { text: 'sum 6' } },
    { op: 'call', step: 'm', tool: 'crm.note', args: { text: 'sum 5' } },
  ]);
  expect(out.map(({ decision }) => (decision as { status?: string } | undefined)?.status)).toEqual([
    'pass',
    'deny',
    'pass',
    undefined,
    'deny',
    'pass',
    'pass',
  ]);
  expect(out[1]?.['decision']).toEqual(decided('deny', ['run.out_of_order']));
  expect(out[4]?.['decision']).toEqual(decided('deny', ['run.deviation']));
  expect(code).toBe(1);
  expect(session([{ op: 'open', plan: { steps: 7 } }]).code).toBe(1);
});

it('a batch and a simulation take trajectories, each as a whole', () => {
  const line = (...all: readonly object[]): string => all.map((each) => `${JSON.stringify(each)}\n`).join('');
  const mail = { op: 'call', id: 'm', tool: 'mail.send', args: { to: 'x' } };
  const log = { op: 'call', id: 'l', tool: 'audit.log', args: {} };
  const ends = (id: string): object => ({ op: 'end', id, outcome: 'succeeded' });
  at.write({
    'seen/owed.jsonl': line({ op: 'open', session: 'owed' }, pay('a'), ends('a')),
    'seen/fine.jsonl': line(pay('a'), ends('a'), log, ends('l')),
    'seen/waits.jsonl': line(mail),
    'seen/broken.jsonl': `${line(pay('a'))}no json\n`,
    'seen/empty.jsonl': '\n',
    'looser/p.yaml': POLICY.replace(/ {6}- rule: log-it\n.*\n/, ''),
    'looser/plan-lint.yaml': 'capabilities: [session]\n',
    'tighter/p.yaml': POLICY.replace('limit: 2', 'limit: 0'),
    'tighter/plan-lint.yaml': 'capabilities: [session]\n',
  });
  const over = ['--plans-dir', 'seen', '--trajectories'];
  const batch = run(['validate-batch', ...over, ...DECIDING, '--report-format', 'jsonl']);
  expect(batch.code).toBe(1);
  expect(
    batch.out.map(({ file, status, plan_id, violations }) => [
      file,
      status,
      plan_id,
      (violations as { rule: string; line: number }[]).map(({ rule, line: at_ }) => `${rule} ${at_}`),
    ]),
  ).toEqual([
    ['broken.jsonl', 'deny', null, ['session.line 2', 'log-it 3']],
    ['empty.jsonl', 'deny', null, ['plan.unreadable undefined']],
    ['fine.jsonl', 'pass', null, []],
    ['owed.jsonl', 'deny', 'owed', ['log-it 4']],
    ['waits.jsonl', 'approval', null, ['ask 1']],
  ]);
  const compared = (policies: string): readonly [number | null, unknown] => {
    const { code, text } = run(
      ['simulate', '--old', 'acme.mjs', '--trust', 'keys/trust.json', '--new', policies, ...over].concat([
        '--format',
        'json',
        '--max-newly-refused',
        '0',
      ]),
    );
    return [code, (JSON.parse(text) as { readonly newly_refused: unknown }).newly_refused];
  };
  expect([compared('looser'), compared('tighter')]).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(run(['validate-batch', ...over, ...DECIDING, '--records'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--trajectories says what the files hold') as unknown,
  });
  const plansOnly = ['--bundle', 'bare.mjs', '--trust', 'keys/trust.json'];
  expect(run(['validate-batch', ...over, ...plansOnly])).toMatchObject({
    code: 4,
    err: expect.stringContaining('capability_missing') as unknown,
  });
});

it('explain says how a rule is asked in a session', () => {
  const explained = (...args: readonly string[]): string =>
    run(['explain', ...args, '--policy-dir', 'looser']).text;
  expect(explained('aborts')).toContain('  in a session: not asked: it needs a plan');
  expect(explained('--rules-for', 'pay.send')).toContain('; in a session: asked of each call, and final');
  const json = run(['explain', 'log-it', '--policy-dir', 'tighter', '--json']);
  expect(json.text).toContain('"session": "obligation"');
  expect(run(['explain', 'twice', '--policy-dir', 'policies']).text).not.toContain('in a session');
});
