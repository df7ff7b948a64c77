/** Modules with rules about the whole plan: what their loader demands, and what they do not carry. */
import { describe, expect, it } from 'vitest';
import { newQuestion } from '../../engine/module/question.ts';
import { beginWork } from '../../engine/work.ts';
import type { Tables } from '../../engine/module/tables.ts';
import { WHOLE_PLAN_KINDS } from '../../compiler/ir/whole-plan.ts';
import type { ModuleFactory, PredicateModule } from '../../runtime/contract.ts';
import { kit } from '../../runtime/kit.ts';
import { scanModule } from '../../runtime/load.ts';
import { bundleFrom, compileMemory } from '../support/decide.ts';

const BODIES: Readonly<Record<(typeof WHOLE_PLAN_KINDS)[number], object>> = {
  max_calls: { tool: 'a', limit: 0 },
  max_total: { tool: 'a', arg: 'n', limit: 0 },
  require_before: { tool: 'a', before: 'never', same: ['n'], order: 'listed' },
  require_after: { tool: 'a', after: 'never', same: ['n'] },
  flows: { from: 'a', to: 'a', from_context: ['secret'], through: 'never' },
  separate_duty: { tool: 'a', other: 'b', by: 'n' },
  on_fail: { tool: 'a', allow: ['retry'] },
};
const policy = (kinds: readonly (keyof typeof BODIES)[]): string =>
  JSON.stringify({ rules: kinds.map((kind) => ({ rule: kind, [kind]: BODIES[kind] })) });

const PLAN = {
  context: { secret: ['a value', 7] },
  steps: [
    { id: 's0', tool: 'a', args: { n: 5, text: 'of a value' } },
    { id: 's1', tool: 'b', args: { n: '${s0.result.x}' }, depends_on: ['s0'], on_fail: ['s0'] },
    { id: 's2', tool: 'a', args: { text: '{{s1.result}}' } },
  ],
};

/** The module, and every name that it read from outside. */
function runWatched(code: string): { readonly module: PredicateModule; readonly read: readonly string[] } {
  const read: string[] = [];
  const scope = new Proxy(
    {},
    { has: (_target, key) => (read.push(String(key)), true), get: () => undefined },
  );
  const body = code.replace('export default', 'return ');
  // The compiler's own output, run without the loader: `with` is how a test sees every free name.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  const factory = new Function('scope', `with (scope) { return (function () { ${body} })() }`) as (
    s: object,
  ) => unknown;
  return { module: (factory(scope) as ModuleFactory)(kit), read };
}

describe.each([...WHOLE_PLAN_KINDS.map((kind) => [kind]), WHOLE_PLAN_KINDS])(
  'a module with %s',
  (...kinds) => {
    it('passes its loader, reads no global, and says why it fires', async () => {
      const { module } = await compileMemory({ 'p.yaml': policy(kinds) });
      expect(() => scanModule(module.code)).not.toThrow();
      const { module: made, read } = runWatched(module.code);
      // The tables hold what decides, too.
      const [entry] = (made.facts() as Tables).entries;
      const question = { ...newQuestion(), plan: PLAN, asksPlan: true };
      beginWork(question);
      entry?.check(question);
      const { fired: out, count } = question;
      expect(count).toBeGreaterThan(0);
      for (let i = 0; i < count; i += 2) {
        const cause = entry?.explain(out[i] ?? 0, out[i + 1] ?? 0, question);
        expect(cause?.message).toMatch(/\w/);
      }
      expect(read.filter((name) => name !== 'undefined')).toEqual([]);
    });
  },
);

it('a module carries the code of the kinds it uses alone', async () => {
  const code = async (kinds: readonly (keyof typeof BODIES)[]): Promise<string> =>
    (await compileMemory({ 'p.yaml': policy(kinds) })).module.code;
  const graph = 'runBy';
  expect(await code(['require_before'])).toContain(graph);
  expect(await code(['flows'])).toContain(graph);
  expect(await code(['max_calls', 'max_total', 'separate_duty', 'on_fail'])).not.toContain(graph);
  const none = (await compileMemory({ 'p.yaml': 'max_steps: 5' })).module.code;
  for (const name of [graph, 'claimed', 'explained']) expect(none).not.toContain(name);
});

it('a secret is not shown, be it a tool or a key on the way', async () => {
  const secret = 'AKIA0123456789';
  const rules = [
    { rule: 'before', require_before: { tool: '*', before: 'ask' } },
    { rule: 'flow', flows: { from: `crm.${secret}`, to: 'mail' } },
  ];
  const bundle = await bundleFrom({
    'p.yaml': JSON.stringify({ rules, deny_tokens_regex: ['AKIA[0-9]{10}'] }),
  });
  const steps = [
    { id: 's0', tool: `crm.${secret}`, args: {} },
    { id: 's1', tool: 'mail', args: { [secret]: { body: '${s0.result}' } } },
  ];
  const { violations } = bundle.policy().evaluate({ steps });
  expect(violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['before', 'flow']));
  expect(JSON.stringify(violations.map(({ message, argPath }) => [message, argPath]))).not.toContain(secret);
});

it('a plan walked in part is not looked at as a whole', async () => {
  const rules = [
    { rule: 'step', severity: 'low', pattern: { tool: 'a' } },
    { rule: 'before', require_before: { tool: 'b', before: 'a' } },
  ];
  const bundle = await bundleFrom({ 'p.yaml': JSON.stringify({ rules }) });
  // `allows` stops its first walk at the first step; what is behind it has not been checked then.
  const plan = { steps: [{ id: 'x', tool: 'a', args: {} }, null] };
  expect(bundle.policy().allows(plan)).toBe(false);
  const fine = { steps: [plan.steps[0], { id: 'y', tool: 'b', args: {}, depends_on: ['x'] }] };
  expect(bundle.policy().allows(fine)).toBe(true);
  expect(bundle.policy().evaluate(fine).status).toBe('warn');
});
