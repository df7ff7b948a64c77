import { describe, expect, it } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const plan = { steps: [{ id: 'a', tool: 'pay', args: { n: 1, text: 'x' } }] };

/** A context that a caller has built so that reading it fails: a lazy one whose source is gone. */
const context = {
  get role(): string {
    throw new Error('the directory is not reachable');
  },
};

/** A rule of each kind that asks for the role, and one that does not. */
const RULES = [
  { rule: 'of-a-step', severity: 'low', when: 'context.role != "admin"' },
  { rule: 'of-the-plan', severity: 'low', scope: 'plan', when: 'context.role != "admin"' },
  { rule: 'of-all-steps', severity: 'low', flows: { to: 'pay', from_context: ['role'] } },
  { rule: 'untouched', severity: 'low', pattern: { tool: 'pay', arg: 'n', operation: 'gt', value: 0 } },
];

function directory(entries: number): Readonly<Record<string, string>> {
  const base = JSON.stringify({ rules: RULES });
  const children = Array.from({ length: entries }, (_, i) => [`e${i}.yaml`, 'extends: base.yaml'] as const);
  return { 'base.yaml': base, ...Object.fromEntries(children) };
}

describe('an error while a rule is asked', () => {
  it.each([0, 1, 9])(
    'is a violation of that rule, by its enforcement, with %i entries over it',
    async (n) => {
      const decision = (await bundleFrom(directory(n))).policy().evaluate(plan, { context });
      expect(decision.violations.map(({ rule }) => rule).sort()).toEqual(
        RULES.map(({ rule }) => rule).sort(),
      );
      expect(decision.status).toBe('warn');
      const [first] = decision.violations.filter(({ rule }) => rule === 'of-a-step');
      expect(first?.message).toContain('an error inside this rule');
    },
  );

  it('denies where the rule does', async () => {
    const rules = [{ ...RULES[0], severity: 'high' }];
    const policy = (await bundleFrom({ 'p.yaml': JSON.stringify({ rules }) })).policy();
    expect(policy.evaluate(plan, { context }).violations.map(({ rule }) => rule)).toEqual(['of-a-step']);
    expect(policy.allows(plan, { context })).toBe(false);
    expect(policy.evaluate(plan, { context: { role: 'admin' } }).valid).toBe(true);
  });
});

describe('a condition that cannot be decided', () => {
  const messageOf = async (when: string): Promise<string | undefined> => {
    const bundle = await bundleFrom({ 'p.yaml': JSON.stringify({ rules: [{ rule: 'r', when }] }) });
    const [first] = bundle.policy().evaluate(plan).violations;
    return first?.message.replace(/^condition .* (?=cannot)/, '');
  };

  it.each([
    ['step.args.missing > 5', 'cannot be decided: there is no key `missing`'],
    ['step.args.a.b.c == 1', 'cannot be decided: there is no key `a`'],
    ['step.args["a b"] == 1', 'cannot be decided: there is no key `a b`'],
    // A key that comes from the plan is not shown: it may be a secret.
    ['step.args[step.args.text] == 1', 'cannot be decided: there is no such key'],
    ['step.args.n', 'cannot be decided: it gives a value of type `double`, not a bool'],
    ['step.args.text', 'cannot be decided: it gives a value of type `string`, not a bool'],
    ['step.args', undefined],
  ])('%s', async (when, message) => {
    if (message === undefined) await expect(messageOf(when)).rejects.toThrow('a condition must be a bool');
    else expect(await messageOf(when)).toBe(message);
  });
});
