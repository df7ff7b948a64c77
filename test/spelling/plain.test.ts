import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { ALPHABETS, LOOKALIKES, TWO_FACED, ZEROS } from '../../engine/text/lookalikes.ts';
import { isToolName, mayReadOtherwise, plain, readings } from '../../engine/text/plain.ts';

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
    ['C0 controls', 'D\0R\u001bO\u007fP\b', 'DROP'],
    ['digits of other scripts', '\u0664\u0967\u0e51\u{116da}\u{1e951}', '41101'],
    ['the lunate sigma', '\u03f2\u03f9', 'cC'],
    ['a dotted capital I', '\u0130ban', 'Iban'],
    ['a letter by its capital', '\u0432\u043d\u0437', 'bh3'],
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

  test('printable ASCII and its white space are as they were', () => {
    const ascii = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).filter((c) =>
      /[\s!-~]/.test(c),
    );
    expect(plain(ascii.join(''))).toBe(ascii.join(''));
    expect(ascii.length).toBe(95 + 5);
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
    // eslint-disable-next-line no-control-regex -- controls are among what is not seen
    const hidden = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\p{DI}\p{Cs}\ufff9-\ufffb]/u;
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

/** As tests that do not mind case compare: by a regular expression with `iu`. */
const sameFolded = (a: string, b: string): boolean =>
  new RegExp(`^${a.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`, 'iu').test(b);

/** Both cases of a character, where they are one character each and fold to the same. */
function casesOf(c: string): readonly string[] {
  const others = [c.toUpperCase(), c.toLowerCase(), c.toUpperCase().toLowerCase()];
  return [...new Set(others)].filter((other) => other !== c && sameFolded(c, other));
}

const everyCharacter = function* (): Generator<string> {
  for (let c = 0; c <= 0x10ffff; c += 1) if (c < 0xd800 || c > 0xdfff) yield String.fromCodePoint(c);
};

describe('case', () => {
  it('commutes with the plain spelling but for letters with two faces, which are listed', () => {
    const differ: string[] = [];
    for (const c of everyCharacter())
      for (const other of casesOf(c)) if (!sameFolded(plain(c), plain(other))) differ.push(c);
    const withoutMarks = differ.map((c) => c.normalize('NFKD').charAt(0));
    expect(withoutMarks.filter((c) => !TWO_FACED.test(c))).toEqual([]);
    expect(new Set(withoutMarks).size).toBe(TWO_FACED.source.split('\\u').length - 1);
  });

  it('leaves what a text is read as: one of a text in capitals is one of it in small letters', () => {
    const words = fc.array(
      fc.constantFrom(
        ...'\u0440\u0435\u0432\u043d\u03bd\u03b7\u03c5\u03b1\u03c2\u03c3\u00e9\u0130\u200b xV7',
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(words, (letters) => {
        const text = letters.join('');
        const read = [plain(text), ...readings(text)].map((one) => one.toLowerCase());
        for (const other of [text.toUpperCase(), text.toLowerCase()])
          expect(
            [plain(other), ...readings(other)]
              .map((one) => one.toLowerCase())
              .some((one) => read.includes(one)),
          ).toBe(true);
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });
});

describe('digits', () => {
  it('are those of ASCII, in every script', () => {
    for (const c of everyCharacter()) if (/\p{Nd}/u.test(c)) expect(plain(c)).toMatch(/^[0-9]$/);
    expect(plain(ZEROS.split(' ').map(ofCode).join(''))).toMatch(/^0+$/);
  });
});

describe("Unicode's list of confusable characters", () => {
  const confusables = readFileSync(new URL('confusables.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) =>
      line
        .slice(2)
        .split(' ')
        .map((code) => ({ letter: line.charAt(0), c: ofCode(code) })),
    );
  const SCRIPTS =
    /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}\p{sc=Cherokee}\p{sc=Coptic}\p{sc=Lisu}]/u;
  // The list holds I, l and 1 for one another, and 0 and O.
  const shape = (c: string): string =>
    c
      .replace(/[Il1|]/g, 'l')
      .replace(/[0Oo]/g, 'o')
      .toLowerCase();

  it('is read as the letters, in the scripts that the documents name and in mathematical and wide forms', () => {
    const inScope = confusables.filter(({ c }) => SCRIPTS.test(c) || c.normalize('NFKC') !== c);
    const missed = new Map<string, string>();
    const isRead = (c: string, letter: string): boolean =>
      [plain(c), ...readings(c)].some(
        (one) => shape(one) === shape(letter) || one.toLowerCase() === letter.toLowerCase(),
      );
    for (const { c, letter } of inScope) {
      const letters = inScope.filter((one) => one.c === c).map((one) => one.letter);
      if (!letters.some((one) => isRead(c, one))) missed.set(c, letter);
    }
    expect([...missed]).toEqual([]);
    expect(inScope.length).toBeGreaterThan(1_100);
  });
});

describe('readings', () => {
  it.each([
    ['admin', []],
    ['admin ', ['admin']],
    ['\u00a0admin', [' admin', 'admin']],
    ['\u03bdiew', ['view', 'NIEW', '\u03bdiew']],
    ['\u0432\u200b\u043e\u0440', ['bop', '\u0432\u043e\u0440']],
    ['\u017fet', ['set', 'fet']],
  ])('of %j', (text, expected) => {
    expect(readings(text)).toEqual(expected.filter((one) => one !== text));
    expect(mayReadOtherwise(text)).toBe(expected.length > 0);
  });
});

describe('the name of a tool', () => {
  it.each(['pay', 'payments.transfer', 'Delete CIFS Share', '\u6771\u4eac', 'Gr\u00f6\u00dfe'])(
    'may be %j',
    (name) => {
      expect(isToolName(name)).toBe(true);
    },
  );
  it.each([' pay', 'pay ', 'a  b', 'a\tb', 'a\u00a0b', 'p\u200bay', 'p\u0430y', 'pay\0', '\uff50ay', 'a\nb'])(
    'is not %j',
    (name) => {
      expect(isToolName(name)).toBe(false);
    },
  );
});
