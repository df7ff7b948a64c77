import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyOf } from '../../engine/text/any-of.ts';

const few = fc.string({ unit: fc.constantFrom('a', 'b', '\u0100'), minLength: 1, maxLength: 9, size: 'max' });

it('finds what the engine finds, however many are looked for', () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof(few, fc.string({ minLength: 1 })), { maxLength: 12, size: 'max' }),
      fc.array(fc.oneof(few, fc.string()), { maxLength: 4 }).map((texts) => texts.join('')),
      (parts, text) => {
        const holds = parts.some((part) => text.includes(part));
        if (holds) found += 1;
        expect(anyOf(parts)(text)).toBe(holds);
      },
    ),
    { numRuns: 5000, seed: 1 },
  );
  expect(found).toBeGreaterThan(500);
  expect(found).toBeLessThan(4500);
});

it('finds parts that end inside others, and after others have failed', () => {
  const holds = anyOf(['aaab', 'aab\u0100x', 'bab', 'xx', 'aabc']);
  for (const text of ['aaaaab', 'aaab', 'aaaab\u0100x', 'aaabab', 'cxcxx', 'aaabc'])
    expect(holds(text)).toBe(true);
  for (const text of ['', 'aaaa', 'aab\u0100', 'abacx', 'x x']) expect(holds(text)).toBe(false);
});

it('looks at each unit of a text a few times, whatever the parts', () => {
  // Each of these would be looked for in vain up to its last unit, from every place on.
  const parts = Array.from({ length: 64 }, (_, i) => `${'a'.repeat(500 + i)}b`);
  const holds = anyOf(parts);
  const text = 'a'.repeat(1 << 20);
  expect(holds(text)).toBe(false);
  expect(holds(`${text}b`)).toBe(true);
});
