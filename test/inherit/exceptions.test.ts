/** Exceptions: judged when a plan is decided, by the clock one gives; a waived finding stays visible. */
import { describe, expect, test } from 'vitest';
import { bundleFrom } from '../support/decide.ts';
import { BASE, compiled } from './support.ts';

const EXCEPTIONS = `exceptions:
  - rule: large_transfer
    scope: { tool: payments.transfer, context: { environment: [development, test], team.name: payments } }
    reason: load tests
    ticket: SEC-7
    requested_by: alice@acme
    approved_by: bob@acme
    not_before: 2026-01-01T00:00:00Z
    expires: 2026-02-01T00:00:00Z
`;
const FILES = { 'base.yaml': BASE, 'team.yaml': `extends: base.yaml\n${EXCEPTIONS}` };
const LABEL = 'SEC-7: load tests (approved by bob@acme, until 2026-02-01T00:00:00Z)';

const JANUARY = Date.parse('2026-01-15T00:00:00Z');
const CONTEXT = { environment: 'development', team: { name: 'payments' } };
const transfer = (tool = 'payments.transfer', amount = 20_000): object => ({
  steps: [{ id: 's1', tool, args: { amount } }],
});
const bundle = await bundleFrom(FILES);

describe('an exception in force', () => {
  test('a waived finding is visible and decides nothing', () => {
    const decision = bundle.policy('team').evaluate(transfer(), { context: CONTEXT, now: JANUARY });
    expect(decision).toMatchObject({ status: 'pass', valid: true, riskScore: 0 });
    expect(decision.violations.map(({ rule, waiver }) => [rule, waiver])).toEqual([
      ['large_transfer', LABEL],
    ]);
  });

  test('other findings of the same plan still decide', () => {
    const plan = {
      steps: [
        { id: 's1', tool: 'payments.transfer', args: { amount: 20_000 } },
        { id: 's2', tool: 'payments.wire', args: { amount: 20_000 } },
      ],
    };
    const decision = bundle.policy('team').evaluate(plan, { context: CONTEXT, now: JANUARY });
    expect(decision).toMatchObject({ status: 'deny', riskScore: 0.4 });
    expect(decision.violations.map(({ waiver }) => waiver)).toEqual([LABEL, null]);
  });
});

test('a day alone ends an exception at its midnight in UTC', async () => {
  const policies = await bundleFrom({
    ...FILES,
    'team.yaml': FILES['team.yaml'].replace('expires: 2026-02-01T00:00:00Z', 'expires: 2026-02-01'),
  });
  const statusAt = (now: string): string =>
    policies.policy('team').evaluate(transfer(), { context: CONTEXT, now: Date.parse(now) }).status;
  expect(statusAt('2026-01-31T23:59:59Z')).toBe('pass');
  expect(statusAt('2026-02-01T00:00:00Z')).not.toBe('pass');
});

describe('an exception does not apply', () => {
  const CASES: readonly (readonly [string, object, unknown, number])[] = [
    ['before it begins', transfer(), CONTEXT, Date.parse('2025-12-31T23:59:59Z')],
    ['from the instant it expires', transfer(), CONTEXT, Date.parse('2026-02-01T00:00:00Z')],
    ['to a clock that is no number', transfer(), CONTEXT, NaN],
    ['to another tool', transfer('payments.wire'), CONTEXT, JANUARY],
    ['in another environment', transfer(), { ...CONTEXT, environment: 'production' }, JANUARY],
    ['without a context', transfer(), undefined, JANUARY],
    ['to a claim of the plan itself', { ...transfer(), context: CONTEXT }, undefined, JANUARY],
    ['to an inherited property', transfer(), Object.create(CONTEXT), JANUARY],
    ['to a list in place of a value', transfer(), { ...CONTEXT, environment: ['development'] }, JANUARY],
  ];
  test.each(CASES)('%s', (_, plan, context, now) => {
    expect(bundle.policy('team').evaluate(plan, { context, now })).toMatchObject({ valid: false });
  });

  test('to the policy it is not part of', async () => {
    const both = await bundleFrom({ ...FILES, 'other.yaml': 'extends: base.yaml\nmax_steps: 5\n' });
    const decision = both.policy().evaluate(transfer(), { context: CONTEXT, now: JANUARY });
    expect(decision).toMatchObject({ status: 'deny' });
    expect(decision.violations.map(({ waiver }) => waiver)).toEqual([null]);
  });
});

test('the resolved policy lists its exceptions, for those who warn before they expire', async () => {
  const { policies } = await compiled(FILES);
  const [team] = policies.entries;
  expect(team?.exceptions).toMatchObject([
    {
      rule: 'large_transfer',
      policy: 'team',
      ticket: 'SEC-7',
      expires: { value: Date.parse('2026-02-01T00:00:00Z') },
    },
  ]);
});

test('a max_steps of a whole plan is waived by context alone', async () => {
  const waive = (scope: string): Record<string, string> => ({
    'p.yaml': `max_steps: 0\n${EXCEPTIONS.replace('large_transfer', 'max_steps').replace(/scope:.*/, `scope: ${scope}`)}`,
  });
  const byContext = await bundleFrom(waive('{ context: { environment: development } }'));
  const byTool = await bundleFrom(waive('{ tool: "*" }'));
  const options = { context: CONTEXT, now: JANUARY };
  expect(byContext.policy().evaluate(transfer(), options).valid).toBe(true);
  expect(byTool.policy().evaluate(transfer(), options).valid).toBe(false);
});
