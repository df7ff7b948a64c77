/** Entries that share what they inherit decide like entries that stand alone: as the oracle says of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/3-lower/index.ts';
import { optimize, PASSES } from '../../compiler/4-optimize/index.ts';
import { emit } from '../../compiler/5-emit/index.ts';
import { Diagnostics } from '../../compiler/diagnostics/diagnostic.ts';
import { memoryHost, resolvePolicies } from '../../compiler/index.ts';
import type { ResolvedPolicies } from '../../compiler/index.ts';
import { allLayers, rulesIn } from '../../compiler/ir/layer.ts';
import { measureSharing } from '../../bench/sharing.ts';
import type { Bundle } from '../../runtime/evaluate.ts';
import { disagreementOf } from '../differential/agree.ts';
import { question } from '../differential/generate.ts';
import { grow } from '../fuzz/grow.ts';
import { tree } from '../fuzz/policy-trees.ts';
import { bundleOf } from '../support/decide.ts';

/** A bundle in which every layer with two users is shared; `null` where a condition costs more than a plan may. */
async function shared(policies: ResolvedPolicies): Promise<Bundle | null> {
  const diagnostics = new Diagnostics();
  const program = lower(policies, diagnostics);
  if (!program) {
    expect(new Set(diagnostics.sorted().map(({ code }) => code))).toEqual(new Set(['PL3204']));
    return null;
  }
  return bundleOf({ policies, module: await emit(optimize(program, PASSES, 0)) });
}

async function resolved(
  files: Readonly<Record<string, string>>,
  entries: readonly string[],
): Promise<ResolvedPolicies> {
  const diagnostics = new Diagnostics();
  const policies = await resolvePolicies(memoryHost(files), { entries }, diagnostics);
  if (!policies)
    throw new Error(
      diagnostics
        .sorted()
        .map(({ code }) => code)
        .join(' '),
    );
  return policies;
}

describe('every entry of a tree of policies', () => {
  // From eight entries on, what their objects have in common is a function of the module.
  it.each([0, 6])('decides as the oracle says, with %i more of the same', async (more) => {
    let layered = 0;
    let refused = 0;
    for (const one of fc.sample(tree, { seed: 11, numRuns: 25 })) {
      const grown = await grow(one);
      const last = grown?.files['c.yaml'];
      if (!grown || last === undefined) continue;
      const names = Array.from({ length: more }, (_, i) => `like-c-${i}`);
      const files = { ...grown.files, ...Object.fromEntries(names.map((name) => [`${name}.yaml`, last])) };
      const whole = grown.policies.entries.map(({ name }) => name);
      const policies = await resolved(files, [...whole, ...(whole.includes('c') ? names : [])]);
      const bundle = await shared(policies);
      if (!bundle) {
        refused += 1;
        continue;
      }
      layered += policies.entries.filter(({ layer }) => layer.base !== null).length;
      for (const asked of fc.sample(question, { seed: 12, numRuns: 6 })) {
        for (const entry of policies.entries) {
          const decider = { entry, catalog: null, policy: bundle.policy(entry.name) };
          expect(disagreementOf(decider, asked), JSON.stringify(asked)).toBeNull();
        }
      }
    }
    expect(layered).toBeGreaterThan(25);
    expect(refused).toBeLessThan(3);
  });
});

describe('a layer', () => {
  const BASE = `params: { limit: { type: number, value: 100, tighten: lower } }
rules:
  - { rule: limited, pattern: { tool: pay.send, operation: amount_gt, value: "\${params.limit}" } }
  - { rule: secret, pattern: { operation: matches, value: "k[0-9]{4}" } }
  - { rule: to_nobody, pattern: { tool: "pay.*", arg: to, operation: equals, value: nobody } }
`;

  it('has no rule that every entry replaces', async () => {
    const child = 'extends: base.yaml\nrefine: [{ rule: to_nobody, add_tools: [mail.send] }]\n';
    const { entries } = await resolved({ 'base.yaml': BASE, 'a.yaml': child, 'b.yaml': child }, []);
    const [base, ...others] = allLayers(entries.map(({ layer }) => layer));
    expect(base?.added.map(({ id }) => id)).toEqual(['limited', 'secret']);
    expect(others.map(({ added, dropped }) => [added.map(({ id }) => id), dropped.size])).toEqual([
      [['to_nobody'], 0],
      [['to_nobody'], 0],
    ]);
  });

  it('leaves to its entries the rules whose parameters they bind or declare', async () => {
    const files = {
      'base.yaml': `rules:\n  - { rule: limited, pattern: { tool: pay.send, operation: amount_gt, value: "\${params.limit}" } }\n  - { rule: big, pattern: { tool: pay.send, operation: size_gt, value: 3 } }\n`,
      'a.yaml': 'extends: base.yaml\nparams: { limit: { type: number, value: 10 } }\n',
      'b.yaml': 'extends: base.yaml\nparams: { limit: { type: number, value: 20 } }\n',
    };
    const { entries } = await resolved(files, []);
    expect(
      allLayers(entries.map(({ layer }) => layer)).map(({ added }) => added.map(({ id }) => id)),
    ).toEqual([['big'], ['limited'], ['limited']]);
    expect(entries.map(({ layer }) => rulesIn(layer).length)).toEqual([2, 2]);
  });

  it('and what an entry adds to one argument are asked together', async () => {
    const policies = await resolved(
      {
        'base.yaml': BASE,
        'a.yaml': `extends: base.yaml
params: { limit: 50 }
rules:
  - { rule: to_bob, pattern: { tool: pay.send, arg: to, operation: matches, value: "^b[o0]b$" } }
  - { rule: other_secret, pattern: { operation: matches, value: "j[0-9]{4}" } }
`,
        'b.yaml': 'extends: base.yaml\nallow_tools: [pay.*]\nparams: { limit: 70 }\n',
      },
      [],
    );
    const bundle = await shared(policies);
    if (!bundle) throw new Error('it does not compile');
    const fired = (entry: string, tool: string, args: unknown): readonly string[] =>
      bundle
        .policy(entry)
        .evaluate({ steps: [{ id: 's', tool, args }] })
        .violations.map(({ rule }) => rule)
        .sort();
    const limited = (amount: number, to: string): unknown => ({ amount, to });
    expect(fired('a', 'pay.send', limited(60, 'b0b'))).toEqual(['limited', 'to_bob']);
    expect(fired('b', 'pay.send', limited(60, 'b0b'))).toEqual([]);
    expect(fired('b', 'pay.send', limited(80, 'nobody'))).toEqual(['limited', 'to_nobody']);
    expect(fired('a', 'pay.other', { note: 'j1234 k1234', to: 'nobody' })).toEqual([
      'other_secret',
      'secret',
      'to_nobody',
    ]);
    expect(fired('b', 'mail.send', { note: 'k1234' })).toEqual(['allow_tools', 'secret']);
    expect(fired('a', 'mail.send', {})).toEqual([]);
  });
});

it('hundreds of entries cost what they inherit once, and what each says', async () => {
  const { alone, bytesPerTeam } = await measureSharing({ rules: 400, teams: 100 });
  // A team has two rules and a limit: at most what four rules of the base cost.
  expect(bytesPerTeam).toBeLessThan((4 * alone.bytes) / 400);
});
