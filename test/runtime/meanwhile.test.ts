/** A plan or a context whose getters ask about other plans while it is being decided. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../runtime/contract.ts';
import { bundleFrom } from '../support/decide.ts';

describe('a getter that asks about another plan meanwhile', async () => {
  const bundle = await bundleFrom({
    'p.yaml': `
rules:
  - { rule: a, severity: low, when: "step.tool == 'ask' && context.role == 'x'" }
  - { rule: c, pattern: { tool: t, operation: amount_gt, value: 10 } }
`,
    'q.yaml': `rules: [{ rule: w, severity: low, pattern: { tool: w } }]`,
  });
  const [p, q] = [bundle.policy('p'), bundle.policy('q')];
  const call = { id: 'c', tool: 't', args: { amount: 50 } };
  const harmless = { steps: ['1', '2', '3'].map((id) => ({ id, tool: 'w', args: {} })) };
  const others = { steps: ['1', '2', '3'].map((id) => ({ id, tool: 'ask', args: {} })) };
  it.each([
    ['this policy', (): unknown => p.evaluate(harmless)],
    ['another one', (): unknown => q.evaluate(harmless)],
    ['quickly', (): unknown => p.allows(others)],
    ['about one with findings', (): unknown => p.evaluate(others, { context: { role: 'x' } })],
  ])('changes nothing: %s', (_name, ask) => {
    const inPlan = {
      steps: [
        call,
        {
          get id(): string {
            ask();
            return 'g';
          },
          tool: 'u',
          args: {},
        },
      ],
    };
    const inContext = {
      get role(): string {
        ask();
        return 'x';
      },
    };
    const asking = { steps: [{ id: 'a', tool: 'ask', args: {} }, call] };
    for (const [plan, options] of [
      [inPlan, {}],
      [asking, { context: inContext }],
    ] as const) {
      expect(p.allows(plan, options)).toBe(false);
      const decision = p.evaluate(plan, options);
      expect(decision.status).toBe('deny');
      expect(decision.violations.map(({ rule }) => rule)).toContain('c');
    }
    // What came after is decided as ever.
    expect(p.evaluate(harmless).status).toBe('pass');
    expect(q.evaluate(harmless).status).toBe('warn');
  });
  it('and is told no itself', () => {
    let said: Decision | undefined;
    const context = {
      get role(): string {
        said = p.evaluate(harmless);
        return 'x';
      },
    };
    expect(p.evaluate(others, { context }).status).toBe('warn');
    expect(said).toMatchObject({ status: 'deny', violations: [{ rule: 'runtime.error' }] });
  });
});

describe('two that decide, one inside the other', async () => {
  const files = {
    'p.yaml': `
params: { limit: { type: number, value: 10 } }
rules:
  - { rule: few, max_calls: { tool: pay, limit: 1, per: to } }
  - { rule: sum, severity: low, max_total: { tool: pay, arg: amount, limit: 30 } }
  - { rule: large, severity: high, when: "step.tool == 'pay' && step.args.amount > params.limit" }
  - { rule: leak, flows: { from: read, to: pay } }
deny_tokens_regex: ["secret"]
`,
    'q.yaml': `
rules:
  - { rule: many, max_calls: { tool: pay, limit: 3 } }
  - { rule: small, severity: low, pattern: { tool: pay, operation: amount_lt, value: 15 } }
  - { rule: ordered, require_before: { tool: pay, before: read } }
`,
  };
  const [one, two] = await Promise.all([bundleFrom(files), bundleFrom(files)]);
  /** Policies that decide by themselves: two entries of one bundle, both at once, and the same of another bundle. */
  const deciders = {
    'p of one': one.policy('p'),
    'q of one': one.policy('q'),
    'both of one': one.policy(),
    'p of two': two.policy('p'),
    'both of two': two.policy(),
  };
  const names = Object.keys(deciders) as readonly (keyof typeof deciders)[];
  const pairs = names.flatMap((outer) =>
    names.filter((inner) => inner !== outer).map((inner) => [outer, inner] as const),
  );
  const pay = (id: string, to: string, amount: unknown): object => ({
    id,
    tool: 'pay',
    args: { to, amount },
  });
  const innerPlan = {
    steps: [
      { id: 'r', tool: 'read', args: {} },
      pay('i1', 'ann', '${r.result}'),
      pay('i2', 'eve', 5),
      pay('i3', 'a secret', 50),
      pay('i4', 'eve', 12),
    ],
  };
  /** A plan in which reading one argument asks `meanwhile`. */
  const outerPlan = (meanwhile: () => unknown): object => ({
    steps: [
      pay('o1', 'bob', 20),
      {
        id: 'o2',
        tool: 'pay',
        args: {
          to: 'bob',
          get amount(): number {
            meanwhile();
            return 11;
          },
        },
      },
      { id: 'o3', tool: 'read', args: {} },
    ],
  });
  const options = { now: Date.parse('2026-06-01T00:00:00Z') };
  const said = (policy: (typeof deciders)['p of one'], plan: object): string => {
    const { status, risk_score, violations } = policy.evaluate(plan, options).toJSON();
    return JSON.stringify({ status, risk_score, violations });
  };

  it.each(pairs)('%s, asking %s meanwhile, decides as it does alone', (outer, inner) => {
    const alone = {
      outer: said(
        deciders[outer],
        outerPlan(() => 0),
      ),
      inner: said(deciders[inner], innerPlan),
    };
    expect(alone.outer).not.toContain('runtime.error');
    expect(alone.inner).toMatch(/"status":"deny"/);
    const answers: string[] = [];
    const together = said(
      deciders[outer],
      outerPlan(() => answers.push(said(deciders[inner], innerPlan))),
    );
    expect(together).toBe(alone.outer);
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers)).toEqual(new Set([alone.inner]));
  });
});
