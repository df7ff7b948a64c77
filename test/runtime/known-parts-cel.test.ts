/** What a condition makes of a text that is known in part: of the result nothing is known, so its rule fires. */
import { expect, it } from 'vitest';
import { bundleOf, compileMemory } from '../support/decide.ts';

const CONDITIONS = [
  'step.args.to.name.startsWith("7")',
  'step.args.to[0].startsWith("7")',
  'step.args.to.lowerAscii().startsWith("http:")',
  '("abc" + step.args.to).startsWith("abc")',
  'step.args.to.substring(1).startsWith("TTP")',
  'step.args.to.replace("H", "J").startsWith("J")',
  '(step.args.to.startsWith("HTTP:x") ? "a" : "b").startsWith("a")',
  '(step.args.to == "HTTP:x" ? "a" : "b").startsWith("a")',
  '[step.args.to.lowerAscii()].exists(t, t.startsWith("http:"))',
] as const;

const plan = {
  steps: [
    { id: 's0', tool: 'read', args: {} },
    { id: 's1', tool: 'send', args: { to: 'HTTP:${s0.result}' }, depends_on: ['s0'] },
  ],
};

it('no operation passes on what is known of its operand', async () => {
  const rules = CONDITIONS.map((when, i) => ({ rule: `r${i}`, pattern: { tool: 'send' }, when }));
  const bundle = await bundleOf(await compileMemory({ 'p.yaml': JSON.stringify({ rules }) }));
  const fired = bundle
    .policy()
    .evaluate(plan)
    .violations.map(({ rule }) => rule);
  expect(CONDITIONS.filter((_, i) => !fired.includes(`r${i}`))).toEqual([]);
});

it('of the text itself what is known still decides', async () => {
  const rules = [{ rule: 'r', pattern: { tool: 'send' }, when: 'step.args.to.startsWith("https:")' }];
  const bundle = await bundleOf(await compileMemory({ 'p.yaml': JSON.stringify({ rules }) }));
  expect(bundle.policy().evaluate(plan).valid).toBe(true);
});
