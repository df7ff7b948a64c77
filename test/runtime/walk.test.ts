import { describe, expect, it } from 'vitest';
import { StepIds } from '../../runtime/ids.ts';
import { bundleFrom } from '../support/decide.ts';

describe('step ids', () => {
  const firstTwice = (ids: readonly string[]): number => {
    const table = new StepIds();
    const steps = ids.map((id) => ({ id }));
    // A plan before must leave nothing behind.
    table.reset(steps.length);
    ids.forEach((id, i) => table.take(`${id}'`, i, steps));
    table.reset(steps.length);
    return ids.findIndex((id, i) => table.take(id, i, steps) >= 0);
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

  it('asks for what is missing, and of tools it has never heard of', async () => {
    expect(await found({})).toEqual(['bounds["pay.amount"]']);
    expect(await found({ note: ';drop' }, 'plan.b')).toEqual(['note']);
    expect(await found({ note: ';drop' }, 'other')).toEqual([]);
  });
});
