import { MOST_BYTES, UNREADABLE } from './form.ts';
import type { Form } from './form.ts';
import { utf8Text } from './utf8.ts';
import type { CharacterOf } from './utf8.ts';

/** Either alphabet of RFC 4648 (sections 4 and 5), with all of its padding or none. */
const WRITTEN = /^(?:[\w-]*|[A-Za-z\d+/]*)={0,2}$/;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function digitOf(character: string): number {
  const digit = ALPHABET.indexOf(character);
  if (digit >= 0) return digit;
  return character === '+' || character === '-' ? 62 : 63;
}

/** The bytes of a text in base64; `null` where it is not, or bits are set that stand for nothing (section 3.5). */
function bytesOf(text: string): readonly number[] | null {
  if (!WRITTEN.test(text)) return null;
  const padding = text.indexOf('=');
  if (padding >= 0 && text.length % 4 !== 0) return null;
  const digits = padding < 0 ? text : text.slice(0, padding);
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of digits) {
    held = held * 64 + digitOf(character);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return held === 0 && digits.length % 4 !== 1 ? bytes : null;
}

/** Text in base64 that spells UTF-8. */
export const base64Form = (characterOf: CharacterOf): Form => ({
  whole: (text) => {
    if (text.length > (MOST_BYTES / 3) * 4 + 4) return UNREADABLE;
    const bytes = bytesOf(text);
    if (bytes === null || bytes.length > MOST_BYTES) return UNREADABLE;
    return utf8Text(bytes, characterOf) ?? UNREADABLE;
  },
});
