/** Records `{plan, context, now}`: plans are decided as they were, by who asked and when. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';

const at = place();
afterAll(() => at.remove());

const plan = { id: 'p', steps: [{ id: 's1', tool: 'pay', args: { n: 5 } }] };
const record = (context: object, now?: string | number): string =>
  `${JSON.stringify({ decision_id: 7, plan, context, now })}\n`;
const POLICIES = ['--policy-dir', 'policies'];

beforeAll(() => {
  at.write({
    'policies/p.yaml': [
      'rules:',
      "  - { rule: analysts, severity: high, when: \"step.tool == 'pay' && context.role == 'analyst'\" }",
      "  - { rule: late, severity: high, when: \"step.tool == 'pay' && now >= timestamp('2026-05-01T00:00:00Z')\" }",
    ].join('\n'),
    'looser/p.yaml': 'rules: [{ rule: other, severity: high, when: "step.tool == \'none\'" }]\n',
    'records/log.jsonl': [
      record({ role: 'analyst' }, '2026-04-01T00:00:00Z'),
      record({ role: 'manager' }, Date.parse('2026-04-01T00:00:00Z')),
      record({ role: 'manager' }, '2026-05-01T02:00:00+02:00'),
      record({ role: 'manager' }),
    ].join(''),
    'records/laid-out.json': JSON.stringify(
      { plan, context: { role: 'analyst' }, now: '2026-04-01T00:00:00Z' },
      null,
      2,
    ),
    'plans/plan.json': JSON.stringify(plan),
  });
});
beforeEach(() => {
  at.out();
  at.err();
});

interface Found {
  readonly status: string;
  readonly violations: readonly { readonly rule: string; readonly line?: number }[];
}

async function batch(...options: string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  await run(['validate-batch', ...POLICIES, '--report-format', 'json', ...options], at.io);
  const report = JSON.parse(at.out()) as Readonly<Record<string, Found>>;
  return Object.fromEntries(
    Object.entries(report).map(([key, { violations }]) => [
      key,
      violations.map(({ rule, line }) => `${rule}@${line ?? ''}`),
    ]),
  );
}

describe('records', () => {
  it('are decided by their own context and instant, else by those of the flags', async () => {
    expect(await batch('--plans-dir', 'records', '--records')).toEqual({
      'laid-out.json': ['analysts@5'],
      'log.jsonl:1': ['analysts@1'],
      'log.jsonl:2': [],
      'log.jsonl:3': ['late@3'],
      'log.jsonl:4': ['late@4'],
    });
    expect(await batch('--plans-dir', 'records', '--records', '--now', '2026-04-30')).toMatchObject({
      'log.jsonl:3': ['late@3'],
      'log.jsonl:4': [],
    });
  });

  it('are taken for records only where that is said, and plans never are', async () => {
    expect((await batch('--plans-dir', 'records'))['log.jsonl:2']).toEqual(['plan.shape@']);
    expect(await batch('--plans-dir', 'plans', '--records')).toEqual({ 'plan.json': ['plan.unreadable@'] });
    const both = { ...plan, plan: { steps: [] } };
    at.write({ 'both/plan.json': JSON.stringify(both) });
    expect(await batch('--plans-dir', 'both', '--records')).toEqual({ 'plan.json': ['plan.unreadable@'] });
    at.write({ 'both/plan.json': JSON.stringify({ plan, now: 'last week' }) });
    expect(await batch('--plans-dir', 'both', '--records')).toEqual({ 'plan.json': ['plan.unreadable@'] });
  });

  it('are decided by two policies', async () => {
    const line = ['simulate', '--old', 'policies', '--new', 'looser', '--plans-dir', 'records', '--records'];
    expect(await run([...line, '--json'], at.io)).toBe(0);
    expect(JSON.parse(at.out())).toMatchObject({ plans: 5, changed: 4, newly_allowed: 4 });
  });

  it('are what a test asks about', async () => {
    const test = (line: number, role: string): string =>
      `  - { name: t${line}, record_file: ../records/log.jsonl:${line}, expect: { violations: [${role}], exact: true } }\n`;
    at.write({ 'tests/t.yaml': `tests:\n${test(1, 'analysts')}${test(3, 'late')}` });
    const line = ['test-policies', ...POLICIES, '--test-dir', 'tests'];
    expect(await run(line, at.io), at.out() + at.err()).toBe(0);
    at.write({ 'tests/t.yaml': `tests:\n${test(9, 'late')}` });
    expect(await run(line, at.io)).toBe(2);
    expect(at.err()).toContain('has no line 9');
  });
});

it('--now decides as at that instant', async () => {
  const line = ['validate', 'plans/plan.json', ...POLICIES, '--context', 'role=manager'];
  expect(await run(line, at.io)).toBe(1);
  expect(await run([...line, '--now', '2026-04-01'], at.io)).toBe(0);
  expect(await run([...line, '--now', 'yesterday'], at.io)).toBe(2);
});

it('a plan that two readers would take for different plans is denied, not an error', async () => {
  at.write({ 'odd.json': '{"steps": [{"id": "s", "tool": "x", "args": {"n": 9007199254740993}}]}' });
  expect(await run(['validate', 'odd.json', ...POLICIES], at.io)).toBe(1);
  expect(at.out()).toMatch(/^DENIED {2}odd\.json[^]*plan\.inexact_number/);
  expect(await run(['validate', 'odd.json', ...POLICIES, '--json'], at.io)).toBe(1);
  expect(JSON.parse(at.out())).toMatchObject({
    is_valid: false,
    status: 'deny',
    bundle: { name: 'policies' },
  });
});
