/** The rules of an entry as ranges of indexes: worked out as a change over the base's, and as a naive list has them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranged } from '../../engine/guard/ranges.ts';

function rangesOf(rules: readonly number[]): readonly number[] {
  const ranges: number[] = [];
  for (const rule of [...new Set(rules)].sort((a, b) => a - b)) {
    if (ranges.at(-1) === rule) ranges[ranges.length - 1] = rule + 1;
    else ranges.push(rule, rule + 1);
  }
  return ranges;
}

const some = fc.uniqueArray(fc.nat(40), { maxLength: 30 });

describe('ranges of an entry over a base', () => {
  it('are those of the base without what is gone, and its own', () => {
    fc.assert(
      fc.property(some, some, some, (base, gone, more) => {
        const own = more.filter((rule) => !base.includes(rule));
        const kept = base.filter((rule) => !gone.includes(rule));
        const ascending = [...gone].sort((a, b) => a - b);
        expect(ranged(rangesOf(base), ascending, rangesOf(own))).toEqual(rangesOf([...kept, ...own]));
      }),
      { numRuns: 2000, seed: 3 },
    );
  });

  it('join where an own rule stands beside the base', () => {
    expect(ranged([0, 5, 7, 9], [0, 8], [5, 7, 12, 13])).toEqual([1, 8, 12, 13]);
  });
});
