import { describe, expect, it } from 'vitest';
import { DYN } from '../../compiler/cel/types.ts';
import { condition, verdict } from './bench.ts';

/** How an operand may come out; `error` reads a key that is not there, `other` is no bool at all. */
const outcomes = { true: { v: true }, false: { v: false }, error: {}, other: { v: 'text' } } as const;
type Outcome = keyof typeof outcomes;
const all = Object.keys(outcomes) as Outcome[];

const variables = { a: DYN, b: DYN, c: DYN };

describe('error absorption', () => {
  const and = condition('a.v && b.v', variables);
  const or = condition('a.v || b.v', variables);

  const expectedAnd = (a: Outcome, b: Outcome): boolean | 'error' =>
    a === 'false' || b === 'false' ? false : a === 'true' && b === 'true' ? true : 'error';
  const expectedOr = (a: Outcome, b: Outcome): boolean | 'error' =>
    a === 'true' || b === 'true' ? true : a === 'false' && b === 'false' ? false : 'error';

  for (const a of all) {
    for (const b of all) {
      it(`${a} with ${b}`, () => {
        const bindings = { a: outcomes[a], b: outcomes[b] };
        expect(verdict(and.run(bindings))).toBe(expectedAnd(a, b));
        expect(verdict(or.run(bindings))).toBe(expectedOr(a, b));
      });
    }
  }

  it('of `!` there is none', () => {
    const not = condition('!a.v', variables);
    expect(all.map((a) => verdict(not.run({ a: outcomes[a] })))).toEqual([false, true, 'error', 'error']);
  });

  it('of `?` there is only the branch not taken', () => {
    const choice = condition('a.v ? b.v : c.v', variables);
    const run = (a: Outcome, b: Outcome, c: Outcome): unknown =>
      verdict(choice.run({ a: outcomes[a], b: outcomes[b], c: outcomes[c] }));
    expect(run('true', 'true', 'error')).toBe(true);
    expect(run('false', 'error', 'true')).toBe(true);
    expect(run('true', 'error', 'true')).toBe('error');
    expect(run('error', 'true', 'true')).toBe('error');
    expect(run('other', 'true', 'true')).toBe('error');
  });

  it('in `all` and `exists` an element that decides wins, wherever it stands', () => {
    const every = condition('a.all(x, x.v)', variables);
    const some = condition('a.exists(x, x.v)', variables);
    const list = (...names: Outcome[]): { a: unknown } => ({ a: names.map((name) => outcomes[name]) });
    expect(verdict(every.run(list('error', 'false')))).toBe(false);
    expect(verdict(every.run(list('false', 'error')))).toBe(false);
    expect(verdict(every.run(list('true', 'error')))).toBe('error');
    expect(verdict(every.run(list('other', 'true')))).toBe('error');
    expect(verdict(every.run(list()))).toBe(true);
    expect(verdict(some.run(list('error', 'true')))).toBe(true);
    expect(verdict(some.run(list('true', 'error')))).toBe(true);
    expect(verdict(some.run(list('false', 'error')))).toBe('error');
    expect(verdict(some.run(list()))).toBe(false);
  });

  it('in `exists_one`, `map` and `filter` there is none', () => {
    const list = { a: [{ v: true }, {}, { v: false }] };
    for (const source of ['a.exists_one(x, x.v)', 'a.map(x, x.v) == []', 'a.filter(x, x.v) == []']) {
      expect(verdict(condition(source, variables).run(list)), source).toBe('error');
    }
  });

  it('a condition that is no bool is an error', () => {
    const value = condition('a.v', variables);
    expect(all.map((a) => verdict(value.run({ a: outcomes[a] })))).toEqual([true, false, 'error', 'error']);
  });
});

describe('a missing key further up', () => {
  it.each([
    'has(a.b.c)',
    'a.b.?c.hasValue()',
    'a[?a.b].hasValue()',
    'a.b[?"c"].hasValue()',
    '"x" in a.b',
    'a.b in a',
  ])('of %s is an error and not an absence', (source) => {
    expect(verdict(condition(source, variables).run({ a: {} }))).toBe('error');
  });
});
