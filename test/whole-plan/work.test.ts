import { expect, test } from 'vitest';
import { bundleFrom } from '../support/decide.ts';

const steps = (
  tool: string,
  count: number,
  args: (i: number) => object,
  more: object = {},
): readonly object[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${tool}${i}`, tool, args: args(i), ...more }));

test('where telling approvals apart would take too long, the rule fires on what is left', async () => {
  const rule = { require_before: { tool: 'a', before: 'b', same: ['x'] } };
  const files = { 'p.yaml': JSON.stringify({ rules: [{ rule: 'r', severity: 'high', ...rule }] }) };
  const policy = (await bundleFrom(files)).policy();
  const plan = (groups: number): object => {
    const x = (i: number): object => ({ x: i });
    const all = Array.from({ length: groups }, (_, i) => `b${i}`).slice(0, 30);
    const governed = steps('a', groups, x).map((step, i) => ({
      ...step,
      depends_on: [...new Set([`b${i}`, ...all])],
    }));
    return { steps: [...steps('b', groups, x), ...governed] };
  };
  expect(policy.evaluate(plan(300)).violations).toEqual([]);
  const fired = policy.evaluate(plan(4900)).violations;
  expect(fired.length).toBeGreaterThan(3000);
  expect(fired.at(-1)?.stepId).toBe('a4899');
});
