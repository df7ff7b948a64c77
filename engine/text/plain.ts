import { ALPHABETS, LOOKALIKES } from './lookalikes.ts';

/**
 * The plain spelling of a text. Also stands in emitted modules, so it names nothing but `Map`, which the module's
 * factory has from the runtime.
 */

export const ODD = /[^\0-\x7f]/;
/** Where the table has anything (`test/spelling` holds it to that): texts in other scripts need not be looked up. */
const LISTED = /[\x80-\u05ff\u07ca\u0d20\u10a0-\u2fff\ua490-\uabff\u{10000}-\u{1ffff}]/gu;
/**
 * More marks on one letter than people write. Putting marks in order takes engines time quadratic in their number, so
 * those behind the thirtieth are left out (UAX #15 §13 has the number).
 */
const MARKS = /(\p{M}{30})\p{M}+/gu;
/**
 * Default-ignorable (zero-width, bidirectional controls, variation selectors, tags, fillers), C1 controls, and halves of
 * surrogate pairs, which some encoders leave out.
 */
const HIDDEN = /[\p{DI}\p{Cs}\ufff9-\ufffb\x80-\x84\x86-\x9f]/gu;

/** So many marks, and one. */
const TOO_MANY = 31;
const FIRST_MARK = 0x300;
/** A mark, or half of a character that may be one. */
const MARK = /[\p{M}\p{Cs}]/u;

let table: Map<number, string> | undefined;

/** From this length on plain spellings are kept, for every rule that looks at a text asks for it. */
const LONG = 256;
/** Characters that are kept at most, in texts and their plain spellings together; a single one may be longer. */
const MOST_KEPT = 4_000_000;
let kept: Map<string, string> | undefined;
let keptLength = 0;

function readTable(): Map<number, string> {
  const read = new Map<number, string>();
  for (const entry of LOOKALIKES.split('|')) {
    for (const code of entry.slice(2).split(' ')) read.set(+`0x${code}`, entry.charAt(0));
  }
  ALPHABETS.forEach((first) => {
    for (let i = 0; i < 26; i += 1) read.set(first + i, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.charAt(i));
  });
  return read;
}

/**
 * NFKC, without characters that are not seen, and with an ASCII character for each that is drawn like one. ASCII is
 * as it was; the plain spelling of a plain spelling is itself.
 *
 * The decomposed form is what the table is read with, so that `ά` is an `á`; accents stay.
 */
export function plain(text: string): string {
  if (!ODD.test(text)) return text;
  if (text.length < LONG) return spelled(text);
  const known = kept?.get(text);
  if (known !== undefined) return known;
  const made = spelled(text);
  const length = text.length + made.length;
  if (kept === undefined || keptLength + length > MOST_KEPT) {
    kept = new Map();
    keptLength = 0;
  }
  kept.set(text, made);
  keptLength += length;
  return made;
}

function spelled(text: string): string {
  const seen = (table ??= readTable());
  const decomposed = withFewMarks(text.replace(HIDDEN, '')).normalize('NFKD');
  // Nothing that is seen decomposes into what is not (`test/spelling` holds Unicode to that), but marks may meet.
  return withFewMarks(decomposed)
    .replace(LISTED, (character) => seen.get(character.codePointAt(0) ?? 0) ?? character)
    .normalize('NFC');
}

/** Without the marks behind the thirtieth of a letter. Of so many in a row one stands where it is looked for. */
function withFewMarks(text: string): string {
  for (let at = TOO_MANY - 1; at < text.length; at += TOO_MANY) {
    if (text.charCodeAt(at) >= FIRST_MARK && MARK.test(text.charAt(at))) return text.replace(MARKS, '$1');
  }
  return text;
}
