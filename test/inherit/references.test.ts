/** `references: allow`: who may say it, what it lets pass, and that a child may only take it back. */
import { describe, expect, it } from 'vitest';
import { bundleFrom, diagnose } from '../support/decide.ts';

const BASE = `name: base
bounds:
  pay.amount: { value: [0, 100], references: allow }
  pay.fee: [0, 10]
rules:
  - { rule: payee, severity: high, references: allow, pattern: { tool: pay, arg: account, operation: matches, value: "^XX" } }
  - { rule: note, severity: high, pattern: { tool: pay, arg: note, operation: contains, value: secret } }
  - { rule: urgent, severity: high, references: allow, when: "has(step.args.urgent) && step.args.urgent == true" }
`;
const child = (text: string): Record<string, string> => ({
  'base.yaml': BASE,
  'child.yaml': `extends: [base]\n${text}`,
});

async function rulesOf(files: Record<string, string>, args: object, values?: 'later'): Promise<unknown> {
  const policy = (await bundleFrom(files)).policy();
  const plan = {
    steps: [
      { id: 'look', tool: 'find', args: {} },
      { id: 'go', tool: 'pay', args: { amount: 1, fee: 1, ...args } },
    ],
  };
  const { violations, pending } = policy.evaluate(plan, values ? { values } : {});
  expect(policy.allows(plan)).toBe(policy.evaluate(plan).valid);
  const names = (all: readonly { readonly rule: string }[]): string => all.map(({ rule }) => rule).join(' ');
  return values ? [names(violations), names(pending)] : names(violations);
}

const REFERENCE = '${look.result.x}';

describe('a rule with `references: allow`', () => {
  const files = { 'p.yaml': BASE };

  it('lets pass what is not known, and nothing that is', async () => {
    expect(await rulesOf(files, { amount: REFERENCE, account: REFERENCE, urgent: REFERENCE })).toBe('');
    expect(await rulesOf(files, { amount: 101, account: 'XX1', urgent: true })).toBe(
      'payee urgent bounds["pay.amount"]',
    );
    // What begins with XX does so whatever follows; an opener that is not understood is no reference.
    expect(await rulesOf(files, { account: `XX${REFERENCE}` })).toBe('payee');
    expect(await rulesOf(files, { account: '${look.result | upper}' })).toContain('payee');
  });

  it('leaves the others as they are', async () => {
    expect(await rulesOf(files, { fee: REFERENCE, note: REFERENCE })).toBe('note bounds["pay.fee"]');
  });

  it('is asked of the value where a run follows', async () => {
    expect(await rulesOf(files, { amount: REFERENCE, account: REFERENCE }, 'later')).toEqual([
      '',
      'payee bounds["pay.amount"]',
    ]);
  });
});

describe('a child', () => {
  it('keeps what it does not write, and may go back to `check`', async () => {
    const args = { amount: REFERENCE, account: REFERENCE };
    expect(await rulesOf(child('max_steps: 9\n'), args)).toBe('');
    expect(await rulesOf(child('bounds: { pay.amount: [0, 50] }\n'), args)).toBe('');
    expect(
      await rulesOf(child('bounds: { pay.amount: { value: [0, 50], references: check } }\n'), args),
    ).toBe('bounds["pay.amount"]');
    expect(await rulesOf(child('refine: [{ rule: payee, references: check }]\n'), args)).toBe('payee');
    const both = {
      ...child('refine: [{ rule: payee, references: check }]\n'),
      'end.yaml': 'extends: [child, base]\n',
    };
    expect(await rulesOf(both, args)).toBe('payee');
  });

  it.each([
    ['bounds: { pay.fee: { value: [0, 5], references: allow } }', 'bounds.pay.fee.references'],
    ['refine: [{ rule: note, references: allow }]', 'note.references'],
  ])('may not loosen: %s', async (text, setting) => {
    const [first = ''] = await diagnose(child(`${text}\n`));
    expect(first).toContain(`error PL2102`);
    expect(first).toContain(setting);
    expect(first).toContain('`check` is stricter than `allow`');
  });

  it('may not take it up again where a parent went back', async () => {
    const files = {
      ...child('refine: [{ rule: payee, references: check }]\n'),
      'end.yaml': 'extends: [child]\nrefine: [{ rule: payee, references: allow }]\n',
    };
    expect((await diagnose(files))[0]).toContain('error PL2102');
  });
});

describe('a sum of amounts that are not known yet', () => {
  const TOTAL =
    'rules: [{ rule: total, severity: high, max_total: { tool: [pay, refund], arg: amount, limit: 100 } }]\n';
  const BOUND = 'bounds: { pay.amount: { value: [0, 40], references: allow } }\n';
  const WAIVED = `exceptions:
  - { rule: total, scope: { tool: pay }, reason: r, ticket: T-1, requested_by: a, approved_by: b, expires: 2030-01-01 }
`;
  const steps = (...amounts: readonly (readonly [tool: string, args: object])[]): object => ({
    steps: [{ id: 'look', tool: 'find', args: {} }].concat(
      amounts.map(([tool, args], i) => ({ id: `s${i}`, tool, args })),
    ),
  });

  it('is not known because a child has bounded them, with a bound that lets them pass', async () => {
    const plan = steps(['pay', { amount: REFERENCE }], ['refund', { amount: 1 }]);
    const found = async (files: Record<string, string>): Promise<readonly string[]> =>
      (await bundleFrom(files))
        .policy()
        .evaluate(plan, { now: 0 })
        .violations.map(({ rule, stepId, waiver }) => `${rule} ${String(stepId)} ${String(waiver !== null)}`);
    const base = { 'base.yaml': TOTAL };
    expect(await found(base)).toEqual(['total s0 false', 'total s1 false']);
    const team = { ...base, 'team.yaml': `extends: base.yaml\n${BOUND}` };
    expect(await found(team)).toEqual(['total s0 false', 'total s1 false']);
    const waived = { ...base, 'team.yaml': `extends: base.yaml\n${BOUND}${WAIVED}` };
    expect(await found(waived)).toEqual(['total s0 true', 'total s1 false']);
  });

  it.each([
    ['within its limit, whatever they are', [REFERENCE, 60], false],
    ['beyond it, by what they may be', [REFERENCE, 61], true],
    ['beyond it, together', [REFERENCE, REFERENCE, REFERENCE], true],
  ])('may fail or not: %s', async (_, amounts, mayFail) => {
    const policy = (await bundleFrom({ 'p.yaml': TOTAL + BOUND })).policy();
    const plan = steps(...amounts.map((amount): readonly [string, object] => ['pay', { amount }]));
    const { pending } = policy.evaluate(plan, { values: 'later' });
    expect(pending.filter(({ rule }) => rule === 'total').at(-1)?.mayFail).toBe(mayFail);
  });

  it('may be of the group of which another amount is unbounded', async () => {
    const text = `${TOTAL.replace('limit: 100', 'limit: 100, per: to')}${BOUND}`;
    const policy = (await bundleFrom({ 'p.yaml': text })).policy();
    const plan = steps(['refund', { amount: REFERENCE, to: 'a' }], ['pay', { amount: 1, to: REFERENCE }]);
    const { pending } = policy.evaluate(plan, { values: 'later' });
    expect(pending.filter(({ rule }) => rule === 'total').map(({ mayFail }) => mayFail)).toEqual([
      true,
      true,
    ]);
  });
});
