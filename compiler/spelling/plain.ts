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

let table: Map<number, string> | undefined;

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
  const seen = (table ??= readTable());
  return text
    .replace(HIDDEN, '')
    .replace(MARKS, '$1')
    .normalize('NFKD')
    .replace(HIDDEN, '')
    .replace(MARKS, '$1')
    .replace(LISTED, (character) => seen.get(character.codePointAt(0) ?? 0) ?? character)
    .normalize('NFC');
}
