import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  complement,
  disjoint,
  equal,
  fromRanges,
  has,
  intersect,
  union,
} from '../../compiler/patterns/syntax/charset.ts';
import { closeUnderFolding, foldingOrbit } from '../../compiler/patterns/syntax/folding.ts';
import { propertySet, SPACE } from '../../compiler/patterns/syntax/properties.ts';

const set = fc
  .array(fc.tuple(fc.nat(60), fc.nat(9)), { maxLength: 6 })
  .map((pairs) => fromRanges(pairs.map(([low, length]) => [low, low + length])));
const every = Array.from({ length: 80 }, (_, i) => i);

describe('character sets', () => {
  it('are what their members are', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const c of every) {
          expect(has(union(a, b), c)).toBe(has(a, c) || has(b, c));
          expect(has(intersect(a, b), c)).toBe(has(a, c) && has(b, c));
          expect(has(complement(a), c)).toBe(!has(a, c));
        }
        expect(disjoint(a, b)).toBe(intersect(a, b).length === 0);
        expect(equal(complement(complement(a)), a)).toBe(true);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('hold what the host says they hold', () => {
    const sample = Array.from({ length: 3000 }, (_, i) => (i * 377) % 0x110000);
    const named = [
      ['L', /^\p{L}$/u],
      ['Script=Greek', /^\p{Script=Greek}$/u],
      ['Lu', /^\p{Lu}$/u],
    ] as const;
    for (const c of [...sample, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff, 0x10000, 0x10ffff]) {
      const text = String.fromCodePoint(c);
      for (const [name, expression] of named) expect(has(propertySet(name), c)).toBe(expression.test(text));
      expect(has(SPACE, c)).toBe(/^\s$/u.test(text));
    }
  });
});

describe('case folding', () => {
  it.each([
    ['s', 'sSſ'],
    ['k', 'kK\u212a'],
    ['ß', 'ßẞ'],
    ['σ', 'σΣς'],
    ['i', 'iI'],
    ['İ', 'İ'],
    ['ı', 'ı'],
    ['ǆ', 'ǆǅǄ'],
    ['𐐨', '𐐨𐐀'],
    ['1', '1'],
  ])('%s folds with %s', (character, others) => {
    const codes = Array.from(others, (one) => one.codePointAt(0) ?? 0).sort((a, b) => a - b);
    expect([...foldingOrbit(character.codePointAt(0) ?? 0)].sort((a, b) => a - b)).toEqual(codes);
  });

  it('closes small and large sets alike', () => {
    expect(closeUnderFolding([0x61, 0x7a])).toEqual([0x41, 0x5a, 0x61, 0x7a, 0x17f, 0x17f, 0x212a, 0x212a]);
    const large = closeUnderFolding([0x61, 0x7a, 0x4e00, 0x4eff]);
    expect(has(large, 0x17f) && has(large, 0x41) && has(large, 0x4e80)).toBe(true);
  });
});
