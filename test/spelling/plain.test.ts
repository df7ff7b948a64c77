import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ALPHABETS, LOOKALIKES } from '../../engine/text/lookalikes.ts';
import { plain } from '../../engine/text/plain.ts';

const entries = LOOKALIKES.split('|').map((entry) => ({
  to: entry.charAt(0),
  codes: entry.slice(2).split(' '),
}));
const codes = entries.flatMap((entry) => entry.codes);
const ofCode = (code: string): string => String.fromCodePoint(Number.parseInt(code, 16));

describe('the table', () => {
  it('leads to letters, digits, the space, the hyphen and the slash, each once and in order', () => {
    expect(entries.map(({ to }) => to).join('')).toMatch(/^[ -/0-9A-Za-z]*$/);
    const order = entries.map(({ to }) => to.charCodeAt(0));
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
  });

  it('lists no character twice, none of ASCII, in order', () => {
    expect(new Set(codes).size).toBe(codes.length);
    for (const { codes: some } of entries) {
      const numbers = some.map((code) => Number.parseInt(code, 16));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(Math.min(...numbers)).toBeGreaterThan(127);
    }
  });

  it('lists what Unicode leaves as it is, or it would never be looked up', () => {
    expect(codes.filter((code) => ofCode(code).normalize('NFKD') !== ofCode(code))).toEqual([]);
    expect(codes.filter((code) => /\p{DI}/u.test(ofCode(code)))).toEqual([]);
  });

  it('is applied to every character', () => {
    for (const { to, codes: some } of entries) for (const code of some) expect(plain(ofCode(code))).toBe(to);
    for (const first of ALPHABETS) expect(plain(String.fromCodePoint(first + 25))).toBe('Z');
  });
});

describe('a plain spelling', () => {
  const cases: readonly (readonly [what: string, text: string, expected: string])[] = [
    ['zero-width space', 'DR\u200bOP', 'DROP'],
    ['zero-width joiners and BOM', 'D\u200cR\u200dO\ufeffP', 'DROP'],
    ['soft hyphen', 'DR\u00adOP', 'DROP'],
    ['bidirectional controls', '\u202eDROP\u202c \u2066x\u2069', 'DROP x'],
    ['variation selectors', 'D\ufe0fR\u{e0100}OP', 'DROP'],
    ['tags', 'DROP\u{e0041}\u{e007f}', 'DROP'],
    ['Hangul and Khmer fillers', 'D\u3164R\uffa0O\u115fP\u17b4', 'DROP'],
    ['the word joiner and invisible operators', 'D\u2060R\u2063OP', 'DROP'],
    ['C1 controls', 'D\u0081ROP', 'DROP'],
    ['Cyrillic', '\u0440\u0430\u0443\u0440\u0430\u04cf', 'paypal'],
    ['Greek', '\u0391\u0392\u0395\u0396\u0397', 'ABEZH'],
    ['Armenian', '\u0570\u0578\u057d', 'hnu'],
    ['Cherokee', '\u13a0\u13a1\u13c3', 'DRZ'],
    ['fullwidth', '\uff24\uff32\uff2f\uff30', 'DROP'],
    ['mathematical', '\u{1d403}\u{1d5e5}\u{1d4de}\u{1d7d8}', 'DRO0'],
    ['letterlike', '\u212b\u2115\u2102', '\u00c5NC'],
    ['circled, squared, negative, regional', '\u24b6\u{1f131}\u{1f152}\u{1f173}\u{1f1ea}', 'ABCDE'],
    ['ligatures', '\ufb01\ufb03', 'fiffi'],
    ['superscripts', 'x\u00b2', 'x2'],
    ['spaces', 'a\u00a0b\u2003c\u3000d\u1680e\u2028f\u0085g', 'a b c d e f g'],
    ['hyphens and slashes', 'rm \u2013rf \u2215etc', 'rm -rf /etc'],
    ['an accent on a look-alike', '\u0451\u03ac', '\u00eb\u00e1'],
    ['an accent apart, behind a joiner', 'e\u200b\u0301', '\u00e9'],
    ['half a pair', '\ud800x\udc00', 'x'],
    ['half pairs with a joiner between them', '\udb40\u200b\udc41x', 'x'],
    ['accents stay', 'caf\u00e9 \u00e5', 'caf\u00e9 \u00e5'],
    ['other scripts stay', '\u6771\u4eac \u043f\u0438', '\u6771\u4eac \u043f\u0438'],
  ];

  it.each(cases)('%s', (_what, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('ASCII is as it was, controls and all', () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i));
    expect(plain(ascii)).toBe(ascii);
  });

  const odd = fc.oneof(
    fc.constantFrom(...codes.map(ofCode)),
    fc.constantFrom(
      '\u200b',
      '\u0301',
      '\u0323',
      '\u034f',
      '\ud800',
      '\udc41',
      '\udb40',
      '\u1100',
      '\u1161',
      '\u3164',
      '\u0345',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
  );

  test('that of a plain spelling is itself', () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 8 }), (parts) => {
        const once = plain(parts.join(''));
        expect(plain(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
      }),
      { numRuns: 20_000, seed: 3 },
    );
    for (let c = 0; c <= 0x10ffff; c += 1) {
      const once = plain(String.fromCodePoint(c));
      if (plain(once) !== once) expect.fail(`U+${c.toString(16)}`);
    }
  });
});

describe('what is not seen', () => {
  it('is no part of what anything else decomposes into', () => {
    // So that it need not be looked for again.
    const hidden = /[\p{DI}\p{Cs}\ufff9-\ufffb\x80-\x84\x86-\x9f]/u;
    for (let c = 0; c <= 0x10ffff; c += 1) {
      const text = String.fromCodePoint(c);
      if (!hidden.test(text) && hidden.test(text.normalize('NFKD'))) expect.fail(`U+${c.toString(16)}`);
    }
  });
});

describe('long texts', () => {
  it('have the plain spelling of their parts, the first time and later, be there few or many', () => {
    const long = (i: number): string => `${'\u0430'.repeat(300)}${i}\ufdfa`;
    const spelled = Array.from(
      { length: 40 },
      (_, i) => `${'a'.repeat(300)}${i}${'\ufdfa'.normalize('NFKC')}`,
    );
    for (const time of ['first', 'later'])
      expect(
        spelled.map((__, i) => plain(long(i))),
        time,
      ).toEqual(spelled);
    const huge = '\u0430'.repeat(1_500_000);
    for (const end of ['x', 'y', 'x', 'z'])
      expect(plain(`${huge}${end}`) === `${'a'.repeat(1_500_000)}${end}`).toBe(true);
  });
});

describe('many marks on one letter', () => {
  const marks = (count: number): string => '\u0301\u0316'.repeat(count / 2);

  it('are left out behind the thirtieth, hidden characters between them or not', () => {
    expect(plain(`x${marks(30)}`)).toBe(`x${marks(30)}`.normalize('NFC'));
    expect(plain(`x${marks(40)}y`)).toBe(plain(`x${marks(30)}y`));
    expect(plain(`x${marks(20)}\u200b${marks(20)}y`)).toBe(plain(`x${marks(30)}y`));
    expect(plain(plain(`x${'\u0344'.repeat(40)}`))).toBe(plain(`x${'\u0344'.repeat(40)}`));
  });

  it('are left out wherever they stand, of one unit or two', () => {
    const cut = (text: string): string =>
      text
        .normalize('NFKD')
        .replace(/(\p{M}{30})\p{M}+/gu, '$1')
        .normalize('NFC');
    for (const mark of ['\u0316', '\u{1d165}', '\uff9e'])
      for (let from = 0; from < 70; from += 1)
        for (const count of [29, 30, 31, 32, 61]) {
          const text = `${'\u4e00'.repeat(from)}${mark.repeat(count)}\u4e00`;
          expect(plain(text)).toBe(cut(text));
        }
  });

  it('cost no more than other characters, where putting them in order would take hours', () => {
    expect(plain(marks(1_000_000)).length).toBe(30);
    expect(plain('\u0301\u200b\u0316'.repeat(300_000)).length).toBe(30);
  });
});
