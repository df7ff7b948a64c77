import { describe, expect, it } from 'vitest';
import { fuzzPatterns } from './fuzz.ts';
import { FORCED, planOf, runnable, scanOf, specTest } from './run.ts';
import { compilePattern } from '../../compiler/patterns/index.ts';

const TEXTS = [
  ...['', 'a', 'ab', 'aab', 'ba', ' a ', 'a\nb', '\n', '\r\n', 'a_b', 'a-b', '0', 'aB', 'AB'],
  ...['ſ', 's', 'S', 'K', 'k', '\u212a', 'İ', 'i', 'I', 'ı', 'ß', 'ẞ', 'ss', 'ς', 'σ', 'Σ', 'ǅ', 'ǆ', 'Ǆ'],
  ...['😀', '\ud83d', '\ude00', '\ude00\ud83d', '\ud83d\ud83d\ude00', '\ud83d\ude00\ude00', 'a😀b', '𐐀', '𐐨'],
  ...['\u2028', '\u00a0', '\ufeff', '\u0000', '\uffff', '\u{10ffff}', 'é', 'e\u0301'],
];

const PATTERNS: readonly (readonly [source: string, flags: string])[] = [
  ...[
    'ſ',
    's',
    '\u212a',
    'k',
    'İ',
    'ß',
    'ẞ',
    'σ',
    'ǅ',
    '𐐀',
    '\\w',
    '\\W',
    '[^\\W]',
    '\\b',
    '[^s]',
    '\\P{Lu}',
  ].map((source) => [source, 'i'] as const),
  ...[
    '[^\\P{Lu}]',
    '\\p{Ll}',
    '\\u{1f600}',
    '\\ud83d',
    '\\ude00',
    '[\\ud83d\\ude00]',
    '[😀-😂]',
    '[^a]',
    '.',
  ].map((source) => [source, 'i'] as const),
  ...[
    '',
    '^',
    '$',
    '^$',
    '\\b',
    '\\B',
    '^.$',
    '^..$',
    '\\Bb',
    'a\\b',
    '(?!a)',
    '(?<!a)$',
    '(?=b)',
    '(?<=a)b',
  ].map((source) => [source, ''] as const),
  ...[
    'a(?!b)',
    '(?<!a)b',
    '(?<=^a)b',
    'a(?=b$)',
    '(?=[^])',
    '(?!)',
    '(?:)',
    '[]',
    '[^]',
    'a{0}',
    '(?:a?)*b',
  ].map((source) => [source, ''] as const),
  ...['(?<=(?<!a)b)', '(?=a(?!b))', '(?!(?=a))', '(?<![^a])', '(?=\\b)', '(?<=\\ud83d)', '(?<=\\ude00)a'].map(
    (source) => [source, ''] as const,
  ),
  ...['^b', 'a$', '^$', '$\\n', '(?<=^)b'].map((source) => [source, 'm'] as const),
  ...['a.b', '.'].map((source) => [source, 's'] as const),
];

describe('every engine against the host', () => {
  it.each(PATTERNS)('%s with flags "%s"', (source, flags) => {
    const expected = specTest(source, `${flags}u`);
    const inline = flags.replace('i', '');
    for (const forced of [{}, ...FORCED]) {
      const ours = inline === '' ? source : `(?${inline})${source}`;
      const result = compilePattern(ours, { ignoreCase: flags.includes('i'), ...forced });
      if (!result.ok) continue;
      const scan = runnable(result.plan);
      for (const text of TEXTS) expect([forced, text, scan(text)]).toEqual([forced, text, expected(text)]);
    }
  });

  it('on random patterns and texts', () => {
    const report = fuzzPatterns({ seed: 20260501, comparisons: 50_000 });
    expect(report.differences).toEqual([]);
    expect(report.comparisons).toBeGreaterThanOrEqual(50_000);
    expect(report.matches).toBeGreaterThan(10_000);
    expect(Object.keys(report.engines)).toHaveLength(FORCED.length);
    for (const comparisons of Object.values(report.engines)) expect(comparisons).toBeGreaterThan(500);
  });
});

describe('where the host is not the measure', () => {
  it('an empty match never begins inside a surrogate pair', () => {
    // V8 finds a place that is no word boundary between the halves of the pair.
    expect(/a\B|\B(?!$)/u.test('😀')).toBe(true);
    expect(scanOf('a\\B|\\B(?!$)(?<!^)')('😀')).toBe(false);
    expect(planOf('a\\B|\\B(?!$)').engine).not.toBe('native');
  });

  it('a literal that is half a pair is not found in a whole one', () => {
    expect(scanOf('\\ud83d')('😀')).toBe(false);
    expect(scanOf('\\ud83d')('\ud83d')).toBe(true);
    expect(scanOf('\\ud83d(?:\\ude00)')('😀')).toBe(false);
  });
});

describe('notations of other dialects', () => {
  it.each([
    ['(?i)drop', 'DROP', 'DRIP'],
    ['(?s)a.b', 'a\nb', 'ab'],
    ['(?im)^b$', 'a\nB\nc', 'ab'],
    ['(?i)(?s)a.B', 'A\nb', 'ab'],
    ['(?P<year>\\d{4})', '1999', '199'],
    ['a\\-b\\"\\@\\_\\ ', 'a-b"@_ ', 'ab'],
    ['[\\w-.]+@', '.-@', '!@'],
    ['^[a-\\d-z]+$', 'a-9z', 'b'],
    ['(?i:a)b', 'Ab', 'AB'],
    ['(?i)a(?-i:b)', 'Ab', 'AB'],
  ])('%s', (source, hit, miss) => {
    const scan = scanOf(source);
    expect([scan(hit), scan(miss)]).toEqual([true, false]);
  });

  it('ignores case by Unicode simple case folding', () => {
    const scan = scanOf('straße kelvin', { ignoreCase: true });
    expect(scan('ſTRAẞE \u212aELVIN')).toBe(true);
    expect(scan('STRASSE KELVIN')).toBe(false);
  });
});
