/** Several parents in any order make the same policy, whatever they and their own parents are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryHost, resolvePolicies } from '../../compiler/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { rulesIn } from '../../compiler/ir/layer.ts';
import type { ResolvedPolicy } from '../../compiler/ir/resolved.ts';
import { grow } from '../fuzz/grow.ts';
import type { Files } from '../fuzz/grow.ts';
import { tree } from '../fuzz/policy-trees.ts';
import { compileMemory } from '../support/decide.ts';

/** What a policy means and where each value comes from, without what order alone decides. */
function meaning(policy: ResolvedPolicy): string {
  const { name, threshold, thresholdDomain, aggregate, params } = policy;
  const rules = rulesIn(policy.layer).map((rule) => text(rule));
  const values = params.map((param) => text({ name: param.name, value: param.value }));
  return [text({ name, threshold, thresholdDomain, aggregate }), ...rules.sort(), ...values.sort()].join(
    '\n',
  );
}

/** Lines of a history are told in the order in which parents are named; which there are must not depend on it. */
const text = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'file') return (inner as { readonly path: string }).path;
    if (key !== 'chain') return inner;
    return (inner as readonly unknown[]).map((step) => text(step)).sort();
  });

async function meanings(files: Files, entries: readonly string[]): Promise<readonly string[] | null> {
  const policies = await resolvePolicies(memoryHost(files), { entries }, new Diagnostics());
  return policies && policies.entries.map(meaning);
}

test('every permutation of parents, at every file at once', async () => {
  let [joined, permuted] = [0, 0];
  for (const one of fc.sample(tree, { seed: 5, numRuns: 60 })) {
    const grown = await grow(one);
    if (!grown) continue;
    const entries = grown.policies.entries.map(({ name }) => name);
    const before = grown.policies.entries.map(meaning);
    const several = [...grown.parents].filter(([, parents]) => parents.length > 1);
    joined += several.length;
    for (const shift of several.length > 0 ? [1, 2] : []) {
      const files: Files = Object.fromEntries(
        Object.entries(grown.files).map(([path, content]) => [path, turned(content, shift)]),
      );
      const after = await meanings(files, entries);
      const differs = before.findIndex((each, i) => each !== after?.[i]);
      expect([files, before[differs]]).toEqual([files, after?.[differs]]);
      permuted += 1;
    }
  }
  expect(joined).toBeGreaterThan(30);
  expect(permuted).toBeGreaterThan(60);
}, 240_000);

/** The file with its parents moved on by some places; of two, that is the other order. Places in it stay the same. */
function turned(content: string, shift: number): string {
  const { extends: parents = [], ...others } = JSON.parse(content) as {
    readonly extends?: readonly string[];
  };
  if (parents.length < 2) return content;
  const at = shift % parents.length;
  const order =
    parents.length === 2 ? [...parents].reverse() : [...parents.slice(at), ...parents.slice(0, at)];
  const list = (names: readonly string[]): string => JSON.stringify({ extends: names, ...others });
  return list(order);
}

test('a default that has met a guardrail is one: setting it anew elsewhere does not open it', async () => {
  const family = (order: string): Readonly<Record<string, string>> => ({
    'base.yaml':
      'bounds: { pay.amount: [-1, 1] }\nallow_tools: [pay, p.*]\nmax_steps: 3\nfail_risk_threshold: 0.4\n',
    'lib.yaml': [
      'bounds: { pay.amount: { value: [0, 7], mode: default, domain: [-9, 9] } }',
      'allow_tools: { value: [pay], mode: default, domain: ["*"] }',
      'max_steps: { value: 2, mode: default, domain: [1, 4] }',
      'fail_risk_threshold: { value: 0.2, mode: default, domain: [0.1, 0.9] }\n',
    ].join('\n'),
    'a.yaml': 'extends: [base.yaml, lib.yaml]\n',
    'b.yaml':
      'extends: lib.yaml\nbounds: { pay.amount: [-1, 9] }\nallow_tools: [p.*, pay]\nmax_steps: 4\nfail_risk_threshold: 0.9\n',
    'c.yaml': `extends: [${order}]\n`,
  });
  for (const order of ['a.yaml, b.yaml', 'b.yaml, a.yaml', 'base.yaml, b.yaml, a.yaml']) {
    const { policies } = await compileMemory(family(order), ['a.yaml', 'c.yaml']);
    const [above, below] = policies.entries.map(({ layer, threshold }) => ({
      threshold,
      rules: rulesIn(layer).map((rule) => ({
        id: rule.id,
        ...(rule.kind === 'bound' && { min: rule.min, max: rule.max }),
        ...(rule.kind === 'max-steps' && { limit: rule.limit }),
        ...(rule.kind === 'allow' && { layers: rule.layers.map(({ globs }) => globs.join(' ')).sort() }),
      })),
    }));
    expect([order, sortedRules(below)]).toEqual([order, sortedRules(above)]);
  }
});

interface Shown {
  readonly threshold: number;
  readonly rules: readonly { readonly id: string }[];
}

const sortedRules = (one: Shown | undefined): unknown => ({
  ...one,
  rules: [...(one?.rules ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1)),
});
