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
