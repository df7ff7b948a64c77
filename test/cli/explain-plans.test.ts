/** Why a plan is decided so: each test with what it saw, and whether it could be told. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { place } from './place.ts';

const at = place();
afterAll(() => at.remove());

const plan = (args: object, before: readonly object[] = []): string =>
  JSON.stringify({ steps: [...before, { id: 's1', tool: 'pay', args }] });
const POLICIES = ['--policy-dir', 'policies'];

beforeAll(async () => {
  at.write({
    'policies/p.yaml': [
      'deny_tokens_regex: ["AKIA[0-9A-Z]{16}"]',
      'rules:',
      '  - { rule: limit, severity: high, pattern: { tool: pay, arg: amount, operation: gt, value: 100 } }',
      '  - { rule: payee, severity: high, pattern: { tool: pay, arg: to, operation: not_in, value: [ann, bob] } }',
      "  - { rule: role, severity: high, when: \"step.tool == 'pay' && context.role == 'analyst'\" }",
      '  - { rule: mail, severity: high, pattern: { tool: mail.*, arg: to, operation: exists } }',
    ].join('\n'),
    'plan.json': plan({ amount: 250, to: 'eve' }),
    'text.json': plan({ amount: '250', to: '${s0.result}' }, [{ id: 's0', tool: 'look', args: {} }]),
    'secret.json': plan({ amount: 1, to: 'AKIAABCDEFGHIJKLMNOP' }),
    'plans.jsonl': `${plan({ amount: 1, to: 'ann' })}\n\n${plan({ amount: 101, to: 'ann' })}\n`,
  });
  expect(await run(['keygen', '--any-name', '--out', 'keys'], at.io)).toBe(0);
  const bundle = ['bundle', ...POLICIES, '--output', 'b.mjs', '--key', 'keys/signer.key', '--sequence', '1'];
  expect(await run(bundle, at.io)).toBe(0);
});
beforeEach(() => {
  at.out();
  at.err();
});

async function explain(...options: string[]): Promise<string> {
  await run(['explain', ...options], at.io);
  return at.out();
}

it('shows what each test saw', async () => {
  const out = await explain('plan.json', ...POLICIES, '--context', 'role=analyst');
  expect(out).toContain('limit on step 1 (s1): ');
  expect(out).toContain('held: `amount` is greater than 100  (250)');
  expect(out).toContain('("eve")');
  expect(out).toMatch(
    /held: when step\.tool == 'pay' && .* {2}\(step\.tool = "pay", context\.role = "analyst"\)/,
  );
});

it('holds what held apart from what could not be told', async () => {
  const out = await explain('text.json', ...POLICIES, '--context', 'x=1');
  expect(out).toContain('could not be told: `amount` is greater than 100  ("250")');
  expect(out).toMatch(/could not be told: `to` .* {2}\("\$\{s0\.result\}"\)/);
  expect(out).toMatch(/could not be told: when .*context\.role = missing\)/);
});

it('masks secrets', async () => {
  const out = await explain('secret.json', ...POLICIES);
  expect(out).toContain('("[secret]")');
  expect(out).not.toContain('AKIAABC');
  expect(await explain('secret.json', ...POLICIES, '--json')).not.toContain('AKIAABC');
});

it('explains a plan a line', async () => {
  const out = await explain('plans.jsonl', ...POLICIES, '--context', 'role=manager');
  expect(out).toMatch(/^PASS {2}plans\.jsonl:1 [^]*\nDENIED {2}plans\.jsonl:3 /);
});

it('explains what a bundle decided, by the sources it was made from', async () => {
  const signed = [
    'plan.json',
    '--bundle',
    'b.mjs',
    '--trust',
    'keys/trust.json',
    '--context',
    'role=manager',
  ];
  expect(await explain(...signed)).toContain('add --policy-dir');
  expect(await explain(...signed, ...POLICIES)).toContain('held: `amount` is greater than 100  (250)');
  at.write({ 'other/p.yaml': 'max_steps: 3\n' });
  expect(await run(['explain', ...signed, '--policy-dir', 'other'], at.io)).toBe(2);
  expect(at.err()).toContain('is not what the bundle was made from');
});

it('lists the rules that govern a tool', async () => {
  const out = await explain('--rules-for', 'mail.send', ...POLICIES);
  expect(out).toContain('mail.send is governed by');
  for (const rule of ['mail', 'role']) expect(out).toMatch(new RegExp(`deny +${rule} `));
  for (const rule of ['limit', 'payee']) expect(out).not.toMatch(new RegExp(`deny +${rule} `));
  expect(JSON.parse(await explain('--rules-for', 'pay', ...POLICIES, '--json'))).toMatchObject({
    tool: 'pay',
  });
});
