/** Forms in which a text holds something else: what they all have in common. */

/** What a text comes to that is not in its form, or of which readers of the form could disagree. */
export const UNREADABLE: object = {};

/** What the beginning of a text comes to where the rest decides, too. */
export const OPEN: object = {};

/** No more than this is decoded: 64 KiB, in UTF-8. */
export const MOST_BYTES = 65_536;

/** Half a surrogate pair: no encoding of Unicode has it, so every writer makes something else of it. */
const HALF_PAIR = /\p{Cs}/u;

/** What a text in a form holds. */
export interface Form {
  /** How many times as long as a test of its characters reading a text takes; 1 where it is absent. */
  readonly work?: number;
  /** Of the whole text: a value of JSON, `undefined` for a part that is not there, or `UNREADABLE`. */
  readonly whole: (text: string) => unknown;
  /** The same of all texts that begin so; `OPEN` where they do not agree. Absent: they never do. */
  readonly start?: (known: string) => unknown;
}

/** Whether a text can be decoded at all. */
export const isDecodable = (text: string): boolean => bytesIn(text) <= MOST_BYTES && !HALF_PAIR.test(text);

/** How many bytes a text has in UTF-8, counted up to the first that is too many. */
function bytesIn(text: string): number {
  if (text.length * 3 <= MOST_BYTES) return text.length;
  let bytes = 0;
  for (let i = 0; i < text.length && bytes <= MOST_BYTES; i += 1) {
    const unit = text.charCodeAt(i);
    // Each half of a pair stands for two of its four bytes.
    if (unit < 0x80) bytes += 1;
    else bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
