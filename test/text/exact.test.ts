import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scaled } from '../../engine/text/decimal.ts';
import { exactly, exceeds, keptExact, negated, openExact, plus } from '../../engine/text/exact.ts';
import type { Exact } from '../../engine/text/exact.ts';

/** Amounts as people write them, and those that take another way. */
const amount = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000_000 }).map((cents) => cents / 100),
  fc.integer({ min: 0, max: 999_999_999 }).map((millionths) => millionths / 1e6),
  fc.constantFrom(
    0,
    -0,
    0.1,
    0.2,
    0.3,
    5e-324,
    1e308,
    1e-7,
    9007199254740991,
    999999999.999999,
    1e9,
    1.0000005,
  ),
  fc.double({ min: 0, max: 1e16, noNaN: true }),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
);

const wide = (value: number): bigint => scaled(value + 0);

it('a sum is the sum of the decimals, whatever the amounts and whatever is taken back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, fc.boolean()), { maxLength: 12 }), amount, (steps, limit) => {
      let sum: Exact = 0;
      let expected = 0n;
      for (const [value, isTakenBack] of steps) {
        sum = plus(sum, exactly(value));
        expected += wide(value);
        if (isTakenBack) {
          sum = plus(sum, negated(exactly(value)));
          expected -= wide(value);
        }
        sum = openExact(JSON.parse(JSON.stringify(keptExact(sum))) as number | string);
        expect(exceeds(sum, exactly(limit))).toBe(expected > wide(limit));
      }
    }),
    { numRuns: 2_000, seed: 3 },
  );
});

it('an amount is held to a limit exactly', () => {
  expect(exceeds(plus(exactly(0.1), exactly(0.2)), exactly(0.3))).toBe(false);
  expect(exceeds(plus(exactly(1e308), exactly(5e-324)), exactly(1e308))).toBe(true);
  expect(typeof exactly(12.34)).toBe('number');
  expect(typeof exactly(1e-7)).toBe('bigint');
});
