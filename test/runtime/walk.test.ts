import { beforeAll, describe, expect, it, vi } from 'vitest';
import { newIds, resetIds, takeId } from '../../engine/walk/step-ids.ts';
import { kit } from '../../runtime/kit.ts';
import { bundleFrom } from '../support/decide.ts';

// What the factory of a module takes from the kit.
beforeAll(() => {
  for (const [name, value] of Object.entries(kit)) vi.stubGlobal(name, value);
});

describe('step ids', () => {
  const firstTwice = (ids: readonly string[]): number => {
    const table = newIds();
    const steps = ids.map((id) => ({ id }));
    // A plan before must leave nothing behind.
    resetIds(table, steps.length);
    ids.forEach((id, i) => takeId(table, `${id}'`, i, steps));
    resetIds(table, steps.length);
    return ids.findIndex((id, i) => takeId(table, id, i, steps) >= 0);
  };
  const distinct = Array.from({ length: 500 }, (_, i) => `s${i}`);
  const colliding = Array.from({ length: 500 }, (_, i) => `${1000 + i}-the-same`);

  it.each([
    ['of the usual kind', distinct],
    ['chosen to collide', colliding],
  ])('%s are told apart', (_name, ids) => {
    expect(firstTwice(ids)).toBe(-1);
    expect(firstTwice([...ids, ids[17] ?? ''])).toBe(500);
  });
});

describe('the walk', () => {
  const policy = bundleFrom({
    'p.yaml': `
deny_tokens_regex: ["SECRET", "[0-9]{3}-77"]
bounds: { pay.amount: [1, 10] }
rules:
  - {rule: to, pattern: {tool: pay, arg: to, operation: in, value: [mallory, trent]}}
  - {rule: note, pattern: {tool: "p*", arg: note, operation: contains, value: ";drop"}}
`,
  }).then((bundle) => bundle.policy());
  const found = async (args: object, tool = 'pay'): Promise<readonly string[]> => {
    const plan = { steps: [{ id: 's', tool, args }] };
    const { violations, valid } = (await policy).evaluate(plan);
    expect((await policy).allows(plan)).toBe(valid);
    return violations.map(({ rule }) => rule).sort();
  };

  it('finds the same whatever the order of the arguments', async () => {
    const bad = { amount: 11, to: 'mallory', note: 'x;drop', odd: 'SECRET' };
    const names = Object.keys(bad) as (keyof typeof bad)[];
    for (let turn = 0; turn < 4; turn += 1) {
      names.push(names.shift() ?? 'odd');
      const args = Object.fromEntries(names.map((name) => [name, bad[name]]));
      expect(await found(args)).toHaveLength(4);
      expect(await found({ amount: 1, to: 'alice' })).toEqual([]);
    }
  });

  it('looks at names, numbers as text and nested values too', async () => {
    expect(await found({ amount: 1, SECRET: 1 })).toEqual(['deny_tokens_regex["SECRET"]']);
    expect(await found({ amount: 1, list: [{ in: ['SECRET'] }] })).toEqual(['deny_tokens_regex["SECRET"]']);
    expect(await found({ amount: 1, list: [{ SECRET: {} }] })).toEqual(['deny_tokens_regex["SECRET"]']);
    expect(await found({ amount: 1, to: ['mallory'] })).toEqual(['to']);
    expect(await found({ amount: 1, note: { deep: 'a;drop b' } })).toEqual(['note']);
  });

  it('looks at a name that rules mention as at any other text', async () => {
    const tokens = await bundleFrom({
      'p.yaml': `
deny_tokens_regex: ["amount", "[$][{]x"]
rules: [{rule: large, pattern: {tool: pay, operation: amount_gt, value: 10}}]
`,
    });
    const decide = (args: object): readonly string[] =>
      tokens
        .policy()
        .evaluate({ steps: [{ id: 's', tool: 'pay', args }] })
        .violations.map(({ rule }) => rule)
        .sort();
    for (let turn = 0; turn < 3; turn += 1) {
      expect(decide({ amount: 1 })).toEqual(['deny_tokens_regex["amount"]']);
      expect(decide({ note: '', amount: 11 })).toEqual(['deny_tokens_regex["amount"]', 'large']);
    }
  });

  it('asks for what is missing, and of tools it has never heard of', async () => {
    expect(await found({})).toEqual(['bounds["pay.amount"]']);
    expect(await found({ note: ';drop' }, 'plan.b')).toEqual(['note']);
    expect(await found({ note: ';drop' }, 'other')).toEqual([]);
  });
});

describe('all entries at once', () => {
  const entries = ['a', 'b', 'c'];
  const bundle = bundleFrom({
    'base.yaml': `
deny_tokens_regex: ["SECRET"]
rules:
  - {rule: to, pattern: {tool: pay, arg: to, operation: in, value: [mallory, trent]}}
  - {rule: large, severity: low, pattern: {tool: pay, operation: amount_gt, value: 100}}
`,
    'a.yaml': 'extends: base.yaml\nmax_steps: 1\nrefine: [{rule: large, value: 50}]\n',
    'b.yaml':
      'extends: base.yaml\ndeny_tokens_regex: ["TOKEN"]\nrefine: [{rule: large, value: 10, severity: high}]\n',
    'c.yaml':
      'extends: base.yaml\nrules: [{rule: note, pattern: {tool: "p*", arg: note, operation: matches, value: "^;drop"}},' +
      ' {rule: once, severity: high, max_calls: {tool: pray, limit: 1}}]\n',
  });
  const step = (args: object, tool = 'pay'): object => ({ tool, args });
  const plans: readonly (readonly [string, readonly object[]])[] = [
    ['nothing of note', [step({ to: 'alice', amount: 1 })]],
    ['what only one refines', [step({ to: 'alice', amount: 20 })]],
    ['what two refine', [step({ to: 'alice', amount: 60 })]],
    ['what all inherit', [step({ to: 'trent', amount: 101, x: 'SECRET' })]],
    ["one entry's token", [step({ to: 'alice', amount: 1, x: ['TOKEN'] })]],
    ["one entry's pattern", [step({ to: 'alice', amount: 1, note: ';drop it' })]],
    ['a tool nobody names', [step({ note: ';drop it' }, 'pray'), step({}, 'other')]],
    ["one entry's limit", [step({ to: 'alice', amount: 1 }), step({ to: 'alice', amount: 1 })]],
    ['a missing argument', [step({})]],
    ["one entry's rule about the whole plan", [step({}, 'pray'), step({}, 'pray')]],
    ['all of it', [step({ to: 'trent', amount: 60, x: 'TOKEN' }), step({}, 'pray'), step({}, 'pray')]],
  ];

  it.each(plans)('find together what each finds alone: %s', async (_name, steps) => {
    const plan = { steps: steps.map((each, i) => ({ id: `s${i}`, ...each })) };
    const all = (await bundle).policy();
    const alone = await Promise.all(entries.map(async (name) => (await bundle).policy(name).evaluate(plan)));
    const together = all.evaluate(plan);
    const shown = (decisions: readonly { violations: readonly object[] }[]): readonly string[] =>
      [
        ...new Set(decisions.flatMap(({ violations }) => violations.map((each) => JSON.stringify(each)))),
      ].sort();
    expect(shown([together])).toEqual(shown(alone));
    expect(together.valid).toBe(alone.every(({ valid }) => valid));
    expect(together.riskScore).toBe(Math.max(...alone.map(({ riskScore }) => riskScore)));
    expect(all.allows(plan)).toBe(together.valid);
  });

  it('walk a plan once', async () => {
    let reads = 0;
    const args = {
      get amount(): number {
        reads += 1;
        return 1;
      },
      to: 'alice',
    };
    const plan = { steps: [{ id: 's', tool: 'pay', args }] };
    const all = (await bundle).policy();
    expect([all.evaluate(plan).status, reads]).toEqual(['pass', 1]);
    expect([all.allows(plan), reads]).toEqual([true, 2]);
  });

  it('go on, instead of beginning again, where the first finding decides nothing', async () => {
    const reads = [0, 0];
    const args = (i: number): object => ({
      get amount(): number {
        reads[i] = (reads[i] ?? 0) + 1;
        return 60;
      },
      to: 'alice',
    });
    const policy = (await bundle).policy('c');
    const plan = { steps: [0, 1].map((i) => ({ id: `s${i}`, tool: 'pay', args: args(i) })) };
    expect([policy.allows(plan), ...reads]).toEqual([true, 1, 1]);
  });
});
