/** What a service writes down of its decisions is read as what the command line writes. */
import { afterAll, expect, it } from 'vitest';
import { run } from '../../cli/program.ts';
import { bundleFrom } from '../support/decide.ts';
import { DOCUMENT_POLICIES, place } from './place.ts';

const at = place();
afterAll(() => at.remove());

const plan = (id: string, amount: number): object => ({
  id,
  steps: [{ id: 'pay', tool: 'payments.transfer', args: { amount } }],
});

it('a log of decisions is input for `report merge`, and says what `validate-batch` says', async () => {
  at.write(DOCUMENT_POLICIES);
  const policy = (
    await bundleFrom({
      'base.yaml': DOCUMENT_POLICIES['policies/base.yaml'],
      'team-finance.yaml': DOCUMENT_POLICIES['policies/team-finance.yaml'],
    })
  ).policy();
  const plans = [plan('a', 20_000), plan('b', 1)];
  const [denied, fine] = plans.map((each) => policy.evaluate(each));
  // As loggers do: a decision as it is under a name, or its members among those of the line.
  const lines = [
    { level: 30, time: 1, decision: denied, plan: plans[0] },
    { timestamp: '2026-11-28T00:00:00Z', plan_id: 'b', ...fine?.toJSON() },
  ];
  at.write({ 'service.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
  expect(await run(['report', 'merge', 'service.jsonl', '--output', 'r.json'], at.io)).toBe(1);
  const report = JSON.parse(at.read('r.json')) as Readonly<Record<string, object>>;
  expect(Object.keys(report)).toEqual(['service.jsonl:1', 'service.jsonl:2']);

  at.write({ 'plans/all.jsonl': plans.map((each) => `${JSON.stringify(each)}\n`).join('') });
  expect(
    await run(
      ['validate-batch', '--plans-dir', 'plans', '--policy-dir', 'policies', '--output', 'b.json'],
      at.io,
    ),
  ).toBe(1);
  const batch = JSON.parse(at.read('b.json')) as Readonly<Record<string, { violations: object[] }>>;
  const { violations } = batch['all.jsonl:1'] ?? { violations: [] };
  // Where the step stands in the file is known to the batch alone.
  expect(report['service.jsonl:1']).toMatchObject({
    plan_id: 'a',
    is_valid: false,
    violations: [{ rule: 'check_transaction_limits', step_index: 0, step_id: 'pay' }],
  });
  expect(violations[0]).toMatchObject({ rule: 'check_transaction_limits', step_index: 0, step_id: 'pay' });
});

it('checks that wait are kept, told, and fail the run where that is asked', async () => {
  const policy = (await bundleFrom({ 'p.yaml': 'bounds: { pay.amount: [0, 100] }\n' })).policy();
  const waiting = {
    id: 'w',
    steps: [
      { id: 'a', tool: 'quote', args: {} },
      { id: 'b', tool: 'pay', args: { amount: '${a.result.total}' } },
    ],
  };
  const decision = policy.evaluate(waiting, { values: 'later' });
  const lines = [
    { decision, plan: waiting },
    { plan_id: 'v', ...decision.toJSON() },
  ];
  at.write({ 'waiting.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
  expect(await run(['report', 'merge', 'waiting.jsonl', '--output', 'w.json'], at.io)).toBe(0);
  const report = JSON.parse(at.read('w.json')) as Readonly<Record<string, object>>;
  for (const key of ['waiting.jsonl:1', 'waiting.jsonl:2'])
    expect(report[key]).toMatchObject({ is_valid: true, pending: [{ step_id: 'b', arg_path: 'amount' }] });
  // Reports of reports keep them, too.
  expect(await run(['report', 'merge', 'w.json', '--fail-on-pending'], at.io)).toBe(1);
  expect(at.out()).toContain('2 checks wait for a run');
});

it('a line that holds no decision is refused', async () => {
  at.write({ 'service.jsonl': '{"level":30,"msg":"started"}\n' });
  expect(await run(['report', 'merge', 'service.jsonl'], at.io)).toBe(2);
  expect(at.err()).toContain('no log of decisions');
});
