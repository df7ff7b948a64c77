/** Slips, extents and samples of patterns, against the host's own engine. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { globsMeet } from '../../compiler/glob/meets.ts';
import { findName } from '../../compiler/glob/search.ts';
import { extentOf, includesLanguage, sampleOf, slipsOf } from '../../compiler/patterns/index.ts';

describe('slips', () => {
  it.each([
    ['example.com', 'dot', '.'],
    ['(?i)evil.example$', 'dot', '.'],
    ['a||b', 'empty-alternative', '||'],
    ['|a', 'empty-alternative', '|'],
    ['a|', 'empty-alternative', '|'],
    ['(|a)b', 'empty-alternative', '(|'],
    ['[A-z]', 'cased-range', 'A-z'],
    ['^admin|root$', 'anchors', '^admin|root$'],
    ['[foo|bar]', 'class-bar', '[foo|bar]'],
    ['(a+)+', 'repeated-repetition', '+'],
    ['(?:a*)*?b', 'repeated-repetition', '*?'],
    ['foo | bar', 'blank-around-bar', ' | '],
    ['DROP\n', 'line-end', '\n'],
    ['id=\\\\d+', 'backslash', '\\\\d+'],
  ])('%j: %s', (source, kind, text) => {
    expect(slipsOf(source).map((slip) => [slip.kind, slip.text])).toEqual([[kind, text]]);
  });

  it.each([
    'example\\.com',
    'a.b',
    'api.?key',
    'foo.*bar',
    '(?:s|)',
    'colou?r',
    '[;|&]',
    '[|]',
    '[a-zA-Z_|]',
    '^\\s+|\\s+$',
    '^a$|^b$',
    '^-|-$',
    '(a+)*',
    '(?:a+b)+',
    '(?:a{2,3})+',
    'DROP TABLE| DELETE',
    'C:\\\\windows',
    '\\\\server',
    '(',
  ])('%j is none', (source) => {
    expect(slipsOf(source)).toEqual([]);
  });

  it.each(['(a+)+b', '(?:a*)*b', 'x(?:[ab]*)+y', '(?:\\d*?)*-'])(
    'what `--fix` leaves out of %j changes nothing',
    (source) => {
      const [slip] = slipsOf(source);
      const fixed = slip && source.slice(0, slip.start) + source.slice(slip.end);
      expect(fixed).not.toBe(source);
      expect(includesLanguage(fixed ?? '', source)).toEqual({ included: true });
      expect(includesLanguage(source, fixed ?? '')).toEqual({ included: true });
    },
  );
});

const ATOMS = ['a', 'b', '.', '[ab]', '\\w', '^', '$', '\\b', '[^]', '', '(?:a|b)', '\\s'] as const;
const pattern = fc
  .array(fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom('', '', '*', '+', '?')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((items) =>
    items.map(([atom, repeat]) => (/^(?:[\^$]|\\b|)$/.test(atom) ? atom : atom + repeat)).join(''),
  );
const texts = ['', 'a', 'b', 'ab', 'ba', 'a b', 'c', '\n', ' ', 'aab\nb', '1', '\u4e2d'];

test('extents are true of the texts that are tried', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.oneof(
        pattern,
        fc.tuple(pattern, pattern).map((two) => two.join('|')),
      ),
      (source) => {
        const extent = extentOf(source);
        seen.set(extent, (seen.get(extent) ?? 0) + 1);
        const matched = texts.filter((text) => new RegExp(source, 'u').test(text));
        if (extent === 'every') expect(matched).toEqual(texts);
        if (extent === 'letters')
          expect(matched).toEqual(expect.arrayContaining(texts.filter((t) => /[a-z]/.test(t))));
        if (extent === 'none') expect(matched).toEqual([]);
      },
    ),
    { seed: 5, numRuns: 600 },
  );
  expect([...seen.keys()].sort()).toEqual(['every', 'letters', 'none', 'some']);
});

test('a sample is a text that the pattern matches, where nothing is asserted', () => {
  for (const source of ['sk_(?:live|test)_[0-9a-z]+', 'a{3}b?', '[^a-z ]x', '(?i)drop\\s+table']) {
    expect(new RegExp(source.replace('(?i)', ''), 'iu').test(sampleOf(source) ?? 'no sample')).toBe(true);
  }
  expect(sampleOf('(')).toBeUndefined();
});

test('two globs meet where the search finds a name', () => {
  const glob = fc
    .array(fc.constantFrom('a', 'b', '.', '*'), { minLength: 1, maxLength: 6 })
    .map((units) => units.join(''));
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(glob, glob, (a, b) => {
      const name = findName([a, b].map((one) => ({ globs: [one], matches: true })));
      seen[name === null ? 'no' : 'yes'] += 1;
      expect(globsMeet(a, b)).toBe(name !== null);
    }),
    { seed: 5, numRuns: 2_000 },
  );
  expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
});
