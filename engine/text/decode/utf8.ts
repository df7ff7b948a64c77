/** A character by its number; modules have it from the runtime. */
export type CharacterOf = (code: number) => string;

/** Bytes behind the first one of a character, and the smallest character that needs them (RFC 3629, section 3). */
const LONGER = [
  { mask: 0xe0, lead: 0xc0, more: 1, least: 0x80 },
  { mask: 0xf0, lead: 0xe0, more: 2, least: 0x800 },
  { mask: 0xf8, lead: 0xf0, more: 3, least: 0x10000 },
] as const;

/** The text that bytes spell in UTF-8; `null` where they spell none: too long a form, half of a pair, a part of a character. */
export function utf8Text(bytes: readonly number[], characterOf: CharacterOf): string | null {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      text += characterOf(first);
      continue;
    }
    const form = LONGER.find(({ mask, lead }) => (first & mask) === lead);
    if (!form) return null;
    let code = first & ~form.mask;
    for (let i = 0; i < form.more; i += 1) {
      at += 1;
      const next = bytes[at] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      code = code * 64 + (next & 0x3f);
    }
    if (code < form.least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
    text += characterOf(code);
  }
  return text;
}
