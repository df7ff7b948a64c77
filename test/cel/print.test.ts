import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { celMutations } from '../../cli/testing/cel-mutations.ts';
import type { Ast } from '../../compiler/cel/ast.ts';
import { parse } from '../../compiler/cel/parse.ts';
import { printCel } from '../../compiler/cel/print.ts';
import { expressions } from './expressions.ts';

/** A tree without its places, and with names as they are and not where they stand. */
const bare = (ast: Ast): unknown =>
  JSON.parse(
    JSON.stringify(ast, (key, value: unknown) => (/^(start|end|\w*[sS]pan)$/.test(key) ? undefined : value)),
  );

describe('an expression printed', () => {
  it.each([
    ['(a||b)&&c', '(a || b) && c'],
    ['a || (b && c)', 'a || b && c'],
    ['a - (b - c) - d', 'a - (b - c) - d'],
    ['(a ? b : c) ? d : (e ? f : g)', '(a ? b : c) ? d : e ? f : g'],
    ['!(a in [1, -2])', '!(a in [1, -2])'],
    ['-(1) + (-1).abs()', '-(1) + (-1).abs()'],
    ['x.?y[?"z"].orValue({ "k" : [ 1u ] })', 'x.?y[?"z"].orValue({"k": [1u]})'],
    ['.f(r"\\d") == b\'\\x00\'', '.f(r"\\d") == b\'\\x00\''],
  ])('%s', (source, printed) => {
    expect(printCel(parse(source), source)).toBe(printed);
  });

  it('means what it meant', () => {
    fc.assert(
      fc.property(expressions('bool', 3), (source) => {
        const printed = printCel(parse(source), source);
        expect(bare(parse(printed)), source).toEqual(bare(parse(source)));
      }),
    );
  });
});

describe('small faults of a condition', () => {
  const texts = (source: string): readonly string[] => celMutations(source).map(({ text }) => text);

  it('are of its comparisons, its connectives, its numbers and its negations', () => {
    expect(texts('a.x > 3 && !b')).toEqual([
      '!(a.x > 3 && !b)',
      '((a.x > 3) || (!b))',
      '(a.x > 3)',
      '(!b)',
      '((a.x) >= (3)) && !b',
      '((a.x) < (3)) && !b',
      'a.x > (2) && !b',
      'a.x > (4) && !b',
      'a.x > 3 && (b)',
    ]);
    expect(texts('x == 1.0')).toContain('x == (2.0)');
    expect(texts('x == 0u')).toEqual(['!(x == 0u)', '((x) != (0u))', 'x == (1u)']);
  });

  it('are expressions each', () => {
    fc.assert(
      fc.property(expressions('bool', 2), (source) => {
        for (const text of texts(source)) expect(() => parse(text), text).not.toThrow();
      }),
    );
  });
});
