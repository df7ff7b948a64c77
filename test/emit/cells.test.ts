import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  above,
  atLeast,
  atMost,
  below,
  cellOf,
  equal,
  holding,
  matching,
  newDraft,
  within,
} from '../../engine/guard/cells.ts';
import type { Trip } from '../../engine/module/draft.ts';
import type { GuardCell } from '../../engine/module/tables.ts';

/** A cell of rules of one kind. */
function cellFor<X>(trip: Trip<X>, operands: readonly X[]): GuardCell {
  const draft = newDraft();
  for (const operand of operands) trip(draft, operand);
  return cellOf('x', draft);
}

/** Whether a text trips, as the contract says. */
function tripsOn(cell: GuardCell, text: string): boolean {
  const [, , , , , equals = [], heads = 0, head, any, needs = '', tests = []] = cell;
  if (equals.includes(text.toLowerCase())) return true;
  if (head && (heads >>> (text.charCodeAt(0) & 31)) & 1 && head.test(text)) return true;
  const mayHold = needs === '' || [...needs].some((need) => text.includes(need));
  return (any && mayHold && any.test(text)) || tests.some((test) => test(text));
}

describe('a cell of numbers', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const near = fc.tuple(number, fc.constantFrom(0, 1, -1, 5e-324, -5e-324, 1e-300, 2 ** -52, -(2 ** -52)));

  it.each<[string, Trip<number>, (v: number, x: number) => boolean]>([
    ['above', above, (v, x) => v > x],
    ['atLeast', atLeast, (v, x) => v >= x],
    ['below', below, (v, x) => v < x],
    ['atMost', atMost, (v, x) => v <= x],
  ])('trips on each that fires, and on no other but a neighbour (%s)', (_, trip, fires) => {
    fc.assert(
      fc.property(near, number, ([x, by], v) => {
        const [, , trips, low, high] = cellFor(trip, [x]);
        expect(trips).toBe(7);
        for (const one of [x, x + by, x * (1 + by), v, -v]) {
          if (!Number.isFinite(one)) continue;
          const tripped = !(one >= low && one <= high);
          if (fires(one, x)) expect(tripped).toBe(true);
          else if (Math.abs(one - x) > Math.abs(x) * 1e-15 + 1e-320) expect(tripped).toBe(false);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('is what all of them leave', () => {
    const draft = newDraft();
    within(draft, [3, 50]);
    above(draft, 20);
    below(draft, 5);
    above(draft, 30);
    expect(cellOf('x', draft)).toEqual(['x', [], 7, 5, 20]);
  });
});

describe('a cell of texts', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'aksSKz09@;/-_.*+?^$()[]{}|\\ \n"'),
    minLength: 1,
    maxLength: 6,
  });
  const some = fc.array(text, { minLength: 1, maxLength: 80 });
  /** The same text to a test that takes no regard to case. */
  const spelled = (one: string): readonly string[] => [
    one,
    one.toUpperCase(),
    one.toLowerCase(),
    one.replaceAll(/s/gi, '\u017f').replaceAll(/k/gi, '\u212a'),
  ];

  it('trips on what holds one of them, however many there are', () => {
    fc.assert(
      fc.property(some, text, fc.boolean(), (operands, other, folds) => {
        const [start, end, anywhere] = [
          holding('^', '', folds),
          holding('', '$', folds),
          holding('', '', folds),
        ];
        const cells = [start, end, anywhere].map((trip) => cellFor(trip, operands));
        for (const operand of operands) {
          for (const one of folds ? spelled(operand) : [operand]) {
            const texts = [one + other, other + one, other + one + other];
            expect(cells.map((cell, i) => tripsOn(cell, texts[i] ?? ''))).toEqual([true, true, true]);
          }
        }
        const low = other.toLowerCase();
        if (operands.every((one) => !low.includes(one.toLowerCase())))
          expect(cells.some((cell) => tripsOn(cell, other))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('trips on one of them as a whole, in whatever case', () => {
    fc.assert(
      fc.property(some, text, (operands, other) => {
        const cell = cellFor(equal, [operands, operands[0] ?? '']);
        for (const one of operands) expect(tripsOn(cell, one.toUpperCase())).toBe(true);
        expect(tripsOn(cell, other)).toBe(operands.some((one) => one.toLowerCase() === other.toLowerCase()));
      }),
    );
  });

  it('trips on what a pattern matches, at the start or anywhere', () => {
    const draft = newDraft();
    for (let i = 0; i < 60; i += 2) matching('@', 16)(draft, `[a-z]{2}@${i};`);
    for (let i = 1; i < 60; i += 2) matching('@', 16, 1)(draft, `^r[a-z]{2}@${i};`);
    const cell = cellOf('x', draft);
    for (let i = 0; i < 60; i += 1) {
      expect(tripsOn(cell, `${i % 2 ? 'r' : 'to '}ab@${i};`)).toBe(true);
      expect(tripsOn(cell, `to ab@${i + 60};`)).toBe(false);
    }
    // Two of them would be too much for one look at a text.
    const [, , , , , , , head, any, , tests = []] = cellFor(matching('', 512), ['a+b', 'c+d', 'e+f']);
    expect([head, any, tests.length]).toEqual([0, /a+b/u, 2]);
  });
});
