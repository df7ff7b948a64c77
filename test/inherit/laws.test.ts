/** The laws themselves: the order of parents and repetition change nothing, and `weakens` agrees with `join`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import * as laws from '../../compiler/laws/values.ts';
import type { Law } from '../../compiler/laws/values.ts';
import { layerOf, rulesIn } from '../../compiler/ir/layer.ts';
import type { ResolvedRule } from '../../compiler/ir/resolved.ts';
import { BASE, childSays, compiled, says } from './support.ts';

const end = fc.option(fc.integer({ min: -5, max: 5 }), { nil: null });
const weight = fc.constantFrom(0, 0.1, 0.5, 1);
const list = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
const LAWS: readonly (readonly [string, Law<unknown>, fc.Arbitrary<unknown>])[] = [
  ['limit', laws.limit as Law<unknown>, fc.nat({ max: 9 })],
  ['threshold', laws.threshold as Law<unknown>, weight],
  ['weight', laws.weight as Law<unknown>, weight],
  ['severity', laws.severity as Law<unknown>, fc.constantFrom(...SEVERITIES)],
  ['enforcement', laws.enforcement as Law<unknown>, fc.constantFrom(...ENFORCEMENTS)],
  ['aggregate', laws.aggregate as Law<unknown>, fc.constantFrom('sum', 'max')],
  ['interval', laws.interval as Law<unknown>, fc.record({ min: end, max: end })],
  ['lower', laws.tightenings.lower, fc.integer()],
  ['higher', laws.tightenings.higher, fc.integer()],
  ['add', laws.tightenings.add, list],
  ['remove', laws.tightenings.remove, list],
];

const same = (value: unknown): unknown => (Array.isArray(value) ? [...(value as string[])].sort() : value);

describe.each(LAWS)('%s', (_, law, values) => {
  test('the order of parents does not matter', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(same(law.join(a, b))).toEqual(same(law.join(b, a)));
        expect(same(law.join(law.join(a, b), c))).toEqual(same(law.join(a, law.join(b, c))));
      }),
    );
  });

  test('merging twice changes nothing', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(law.join(a, a)).toEqual(a);
        expect(law.join(law.join(a, b), b)).toEqual(law.join(a, b));
      }),
    );
  });

  test('what is not weaker stays as the child wrote it, and a join is never weaker', () => {
    fc.assert(
      fc.property(values, values, (parent, child) => {
        if (!law.weakens(parent, child)) expect(same(law.join(parent, child))).toEqual(same(child));
        expect(law.weakens(parent, law.join(parent, child))).toBe(false);
      }),
    );
  });
});

describe('parents', () => {
  const files = (order: string): Record<string, string> => ({
    'base.yaml': BASE,
    'a.yaml':
      'extends: base.yaml\nmax_steps: 9\nbounds: { payments.transfer.amount: [5, 40000] }\nrefine:\n  - rule: large_transfer\n    value: 9000\n  - rule: sql\n    add_tools: [db.admin]\n',
    'b.yaml':
      'extends: base.yaml\nmax_steps: 7\nallow_tools: [payments.*, db.query]\nrefine:\n  - rule: large_transfer\n    add_tools: [payments.card]\n    severity: critical\n',
    'c.yaml': `extends: [${order}]\nfail_risk_threshold: 0.6\n`,
  });

  test('in either order make the same policy', async () => {
    const meaning = async (order: string): Promise<unknown> => {
      const { policies } = await compiled(files(order), ['c']);
      const [{ layer, threshold, aggregate } = { layer: layerOf([]) }] = policies.entries;
      const plain = rulesIn<ResolvedRule>(layer).map(({ span, chain, ...rule }) => ({
        ...rule,
        at: span.file.path,
        steps: chain.length,
      }));
      return { threshold, aggregate, rules: plain.sort((x, y) => (x.id < y.id ? -1 : 1)) };
    };
    const text = (value: unknown): string =>
      JSON.stringify(value, (key, inner: unknown) =>
        key === 'span' || key === 'at' || key === 'policy' ? undefined : inner,
      );
    expect(text(await meaning('a.yaml, b.yaml'))).toBe(text(await meaning('b.yaml, a.yaml')));
  });

  test('a child of one parent twice is a child of it once', async () => {
    const twice = await compiled({
      'base.yaml': BASE,
      'c.yaml': 'extends: [base.yaml, base.yaml]\nmax_steps: 3\n',
    });
    const once = await compiled({ 'base.yaml': BASE, 'c.yaml': 'extends: base.yaml\nmax_steps: 3\n' });
    expect(twice.module.code.replaceAll(/\d+,\d+\]/g, '')).toBe(
      once.module.code.replaceAll(/\d+,\d+\]/g, ''),
    );
  });
});

describe('absent, empty and null differ', () => {
  const tools = async (child: string): Promise<readonly string[]> => {
    const { policies } = await compiled({ 'base.yaml': BASE, 'team.yaml': `extends: base.yaml\n${child}` });
    const [entry] = policies.entries;
    const rule = entry && rulesIn(entry.layer).find(({ id }) => id === 'allow_tools');
    return rule?.kind === 'allow' ? rule.layers.flatMap(({ globs }) => globs) : ['no list'];
  };

  test('an absent list inherits, an empty one allows nothing, null is refused', async () => {
    expect(await tools('max_steps: 3\n')).toEqual(['payments.*', 'db.*']);
    expect(await tools('allow_tools: []\n')).toEqual([]);
    expect(await childSays('allow_tools: null\n')).toContain('PL1102');
  });

  test('an empty deny list takes nothing away', async () => {
    const rules = async (child: string): Promise<number> => {
      const files = { 'base.yaml': BASE, 'team.yaml': `extends: base.yaml\n${child}` };
      const [entry] = (await compiled(files)).policies.entries;
      return entry ? rulesIn(entry.layer).length : 0;
    };
    expect(await rules('deny_tokens_regex: []\n')).toBe(await rules('max_steps: 3\n'));
    expect(await childSays('deny_tokens_regex: null\n')).toContain('PL1102');
  });

  test('null as an end of a bound opens it, so a child may not', async () => {
    expect(await childSays('bounds: { payments.transfer.amount: [null, 10] }\n')).toContain('PL2102');
    expect(await says({ 'p.yaml': 'allow_tools: [t]\nbounds: { t.amount: [null, 10] }\n' })).toBe('');
  });
});

test('a tool that a child names does not move an inherited bound to another tool', async () => {
  const base = 'allow_tools: [payments.*]\nbounds: { payments.transfer.amount: [0, 10] }\n';
  const child =
    'extends: base.yaml\nrules:\n  - rule: r\n    pattern: { tool: payments, operation: x_exists }\n';
  const { module } = await compiled({ 'base.yaml': base, 'team.yaml': child });
  expect(module.code).toContain('"payments.transfer"');
});
