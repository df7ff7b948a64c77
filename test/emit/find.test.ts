import fc from 'fast-check';
import { expect, it } from 'vitest';
import { find, findLast, pieces } from '../../engine/text/find.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 900, size: 'max' });
/** Long enough to be looked for here, and often there. */
const asked = fc
  .tuple(text, fc.nat({ max: 300 }), fc.nat({ max: 600 }), fc.nat({ max: 300 }))
  .chain(([around, start, length, from]) =>
    fc.record({
      text: fc.constantFrom(around, around + around, around.replaceAll('b', 'a')),
      part: fc.constantFrom(around.slice(start, start + length), 'a'.repeat(length)),
      from: fc.constant(from),
    }),
  );

it('finds what the engine finds', () => {
  fc.assert(
    fc.property(asked, ({ text: where, part, from }) => {
      expect(find(where, part, from)).toBe(where.indexOf(part, from));
      expect(findLast(where, part, from)).toBe(where.lastIndexOf(part, from));
      if (part !== '') expect(pieces(where, part)).toEqual(where.split(part));
    }),
    { numRuns: 2000 },
  );
});

it('ends, for texts on which the engine takes hours', () => {
  const half = 'a'.repeat(250_000);
  const where = 'a'.repeat(1_048_576);
  const part = `${half}b${half}`;
  expect(find(where, part)).toBe(-1);
  expect(findLast(where, part, where.length)).toBe(-1);
  expect(pieces(where, part)).toEqual([where]);
});
