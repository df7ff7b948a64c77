/** The scanner takes a character that has its own spelling for what is written, whatever stands beside it. */
import { expect, it } from 'vitest';
import { hasOwnSpelling, readings } from '../../engine/text/plain.ts';
import { SPELLED } from '../../engine/bytes/format.ts';
import { pickFrom } from './forms.ts';

const isHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
/** Every third is enough for a test. */

const own = Array.from({ length: SPELLED - 0x80 }, (_, i) => i + 0x80).filter(
  (code) => code % 3 === 0 && !isHalf(code) && hasOwnSpelling(String.fromCodePoint(code)),
);

it('there are many such characters', () => {
  expect(own.length).toBeGreaterThan(10_000);
  const has = (text: string): boolean => Array.from(text).every(hasOwnSpelling);
  expect(has('äöüßéñçÆ你好世界訂單日本語ひらがなカタカナ한국어')).toBe(true);
  expect(
    ['а', 'ο', 'Α', '，', '\u200b', '\u0301', '…', 'ﬁ', '①', 'ſ', '\u00a0', '\u3000', 'ν'].some(has),
  ).toBe(false);
});

it('a text of them and of ASCII has no other reading', () => {
  const pick = pickFrom(7);
  const character = (): string =>
    pick(4) === 0
      ? String.fromCharCode(0x21 + pick(94))
      : String.fromCodePoint(own[pick(own.length)] ?? 0x61);
  for (let i = 0; i < 30_000; i += 1) {
    const text = Array.from({ length: 1 + pick(6) }, character).join('');
    expect(readings(text), JSON.stringify(text)).toEqual([]);
  }
});
