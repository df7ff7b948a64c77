import { isDecodable, UNREADABLE } from './form.ts';
import type { Form } from './form.ts';
import { utf8Text } from './utf8.ts';
import type { CharacterOf } from './utf8.ts';

/**
 * A text without its percent-encoding (RFC 3986, section 2.1), decoded once; `null` where a `%` begins no byte, or the bytes
 * spell no UTF-8. A `+` stays one.
 */
export function decodePercent(text: string, characterOf: CharacterOf): string | null {
  let decoded = '';
  let from = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
    decoded += text.slice(from, at);
    const bytes: number[] = [];
    for (from = at; text.charAt(from) === '%'; from += 3) {
      const digits = text.slice(from + 1, from + 3);
      if (!/^[0-9a-f]{2}$/i.test(digits)) return null;
      bytes.push(+`0x${digits}`);
    }
    const spelled = utf8Text(bytes, characterOf);
    if (spelled === null) return null;
    decoded += spelled;
  }
  return decoded + text.slice(from);
}

export const percentForm = (characterOf: CharacterOf): Form => ({
  whole: (text) => (isDecodable(text) ? (decodePercent(text, characterOf) ?? UNREADABLE) : UNREADABLE),
});
