import { ALPHABETS, EARLY, LOOKALIKES, TWO_FACED, ZEROS } from './lookalikes.ts';

/**
 * The plain spelling of a text, and the other ways in which it may be read. Also stands in emitted modules, so it names
 * nothing but `Map`, which the module's factory has from the runtime.
 */

/** What a plain spelling may differ in: anything but printable ASCII and its white space. */
// eslint-disable-next-line no-control-regex -- controls are what is looked for
const ODD = /[\0-\x08\x0e-\x1f\x7f-\uffff]/;
/**
 * Whether the table has anything of such characters, and digits (`test/spelling` holds it to that): others need not be looked
 * up.
 */
const isListed = (code: number): boolean =>
  code >= 0x80 && (code <= 0x2fff || (code >= 0xa490 && (code <= 0xabff || code >= 0x10000)));
/**
 * More marks on one letter than people write. Putting marks in order takes engines time quadratic in their number, so
 * those behind the thirtieth are left out (UAX #15 §13 has the number).
 */
const MARKS = /(\p{M}{30})\p{M}+/gu;
/**
 * Default-ignorable (zero-width, bidirectional controls, variation selectors, tags, fillers), controls that are no white
 * space, and halves of surrogate pairs, which some encoders leave out.
 */
// eslint-disable-next-line no-control-regex -- controls are what is looked for
const HIDDEN = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\p{DI}\p{Cs}\ufff9-\ufffb]/gu;
const TAKEN_EARLY = /[\u02db\u037a\u03f2\u03f9]/g;
/** A dot on a letter that has one anyway: what `İ` keeps of itself as a small letter. */
const DOTTED = /([ij])\u0307+/gi;

/** So many marks, and one. */
const TOO_MANY = 31;
const FIRST_MARK = 0x300;
/** A mark, or half of a character that may be one. */
const MARK = /[\p{M}\p{Cs}]/u;

let table: Map<number, string> | undefined;

/** Characters that are kept at most, in texts and their readings together; a single one may be longer. */
const MOST_KEPT = 4_000_000;
/** What keeping a text takes beside its characters, in characters. */
const ENTRY = 100;
let kept: Map<string, Readings> | undefined;
let keptLength = 0;

/** Whether a text may be read in another way than it is written. */
export function mayReadOtherwise(text: string): boolean {
  // Nearly every text begins and ends with something that is seen.
  return text.charCodeAt(0) <= SPACE || text.charCodeAt(text.length - 1) <= SPACE || ODD.test(text);
}

const SPACE = 32;

/**
 * The plain spelling: NFKC, without what is not seen, and with an ASCII character for each that is drawn like one; digits of all
 * scripts are those of ASCII. What is printable ASCII, or its white space, is as it was. The plain spelling of a plain
 * spelling is itself, and of two texts that differ in case the plain spellings differ in case, but for letters with two
 * faces (`TWO_FACED`).
 *
 * The decomposed form is what the table is read with, so that `ά` is an `á`; accents stay.
 */
export function plain(text: string): string {
  if (!ODD.test(text)) return text;
  return keptReadings(text).plain;
}

/**
 * Everything that a text reads like beside what is written, each once: its plain spelling; the same without the table,
 * for expressions in other scripts; as capitals and as small letters, where these are drawn differently; each also
 * without the white space around it. An operation that looks at spellings tries all of them.
 */
export function readings(text: string): readonly string[] {
  if (!mayReadOtherwise(text)) return NONE;
  return keptReadings(text).others;
}

/** What a text reads like; its plain spelling may be what is written. */
interface Readings {
  readonly plain: string;
  readonly others: readonly string[];
}

/** Every rule that looks at a text asks for them, so they are kept. */
function keptReadings(text: string): Readings {
  const before = kept?.get(text);
  if (before !== undefined) return before;
  const made = readingsOf(text);
  const length = made.others.reduce((sum, each) => sum + each.length, text.length + ENTRY);
  if (kept === undefined || keptLength + length > MOST_KEPT) {
    kept = new Map();
    keptLength = 0;
  }
  kept.set(text, made);
  keptLength += length;
  return made;
}

const NONE: readonly string[] = [];

function readingsOf(text: string): Readings {
  const others: string[] = [];
  const take = (reading: string): void => {
    if (reading !== text && !others.includes(reading)) others.push(reading);
  };
  const both = (reading: string): void => {
    take(reading);
    take(reading.trim());
  };
  if (!ODD.test(text)) {
    both(text);
    return { plain: text, others };
  }
  const clean = seen(text);
  const spelled = drawn(clean);
  both(spelled);
  for (const face of faces(clean)) if (face !== clean) both(drawn(face));
  both(clean.normalize('NFC'));
  // The long s, which NFKC takes for an s, is drawn like another letter.
  if (text.includes('\u017f')) both(drawn(seen(text.replace(/\u017f/g, 'f'))));
  return { plain: spelled, others };
}

/** What may join what stands in front of it: marks, halves of characters, the parts of Hangul syllables. */
const JOINING = /^[\p{M}\p{Cs}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u;

/**
 * Whether a character is read as it is written, whatever stands beside it that is so too: a text of such characters and of printable
 * ASCII has no other reading, but for the white space at its ends.
 */
export function hasOwnSpelling(character: string): boolean {
  if (JOINING.test(character) || /^\p{M}/u.test(character.normalize('NFKD'))) return false;
  return [`a${character}a`, character + character].every((text) => readingsOf(text).others.length === 0);
}

/** A text that has been decomposed, and its capitals and small letters where these may be drawn differently. */
export function faces(clean: string): readonly string[] {
  if (!TWO_FACED.test(clean)) return [clean];
  return [clean, clean.toUpperCase(), clean.toLowerCase()];
}

/** Decomposed, without what is not seen. */
export function seen(text: string): string {
  const early = text.replace(HIDDEN, '').replace(TAKEN_EARLY, (character) => EARLY[character] ?? '');
  // Nothing that is seen decomposes into what is not (`test/spelling` holds Unicode to that), but marks may meet.
  return withFewMarks(withFewMarks(early).normalize('NFKD'));
}

/** The plain spelling of what is decomposed. */
export function drawn(clean: string): string {
  return inAscii(clean).replace(DOTTED, '$1').normalize('NFC');
}

/** Character by character: an expression that hands each to a function takes ten times as long. */
function inAscii(clean: string): string {
  const letters = (table ??= readTable());
  const parts: string[] = [];
  /** Where what has not been taken into the parts begins. */
  let from = 0;
  for (let at = 0; at < clean.length; at += 1) {
    const first = clean.charCodeAt(at);
    const code = first >= FIRST_HIGH && first <= LAST_HIGH ? (clean.codePointAt(at) ?? first) : first;
    if (!isListed(code)) continue;
    const letter = letterOf(letters, clean, at, code);
    const next = code > 0xffff ? at + 2 : at + 1;
    if (letter !== null) {
      if (from < at) parts.push(clean.slice(from, at));
      parts.push(letter);
      from = next;
    }
    at = next - 1;
  }
  return parts.length === 0 ? clean : parts.join('') + clean.slice(from);
}

/** The first halves of the pairs of surrogates that the table may have. */
const FIRST_HIGH = 0xd800;
const LAST_HIGH = 0xd83f;

/** What the character at a place is drawn like; `null`: nothing but itself. */
function letterOf(letters: Map<number, string>, clean: string, at: number, code: number): string | null {
  let letter = letters.get(code);
  if (letter === undefined) {
    const character = clean.slice(at, code > 0xffff ? at + 2 : at + 1);
    const other = inOtherCase(letters, character);
    letters.set(code, (letter = other === character ? '' : other));
  }
  return letter === '' ? null : letter;
}

function readTable(): Map<number, string> {
  const read = new Map<number, string>();
  for (const entry of LOOKALIKES.split('|')) {
    for (const code of entry.slice(2).split(' ')) read.set(+`0x${code}`, entry.charAt(0));
  }
  for (const zero of ZEROS.split(' ')) for (let i = 0; i < 10; i += 1) read.set(+`0x${zero}` + i, `${i}`);
  ALPHABETS.forEach((first) => {
    for (let i = 0; i < 26; i += 1) read.set(first + i, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.charAt(i));
  });
  return read;
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** What a letter is drawn like in its other case, in its own; itself where nothing is. */
function inOtherCase(letters: ReadonlyMap<number, string>, character: string): string {
  const capital = character.toUpperCase();
  const small = capital.toLowerCase();
  // What is drawn like nothing else is kept as ''.
  const letter = letters.get(codeOf(small)) || letters.get(codeOf(capital)) || '';
  if (letter === '' || ODD.test(letter)) return character;
  return character === capital ? letter.toUpperCase() : letter.toLowerCase();
}

/** Without the marks behind the thirtieth of a letter. Of so many in a row one stands where it is looked for. */
function withFewMarks(text: string): string {
  for (let at = TOO_MANY - 1; at < text.length; at += TOO_MANY) {
    if (text.charCodeAt(at) >= FIRST_MARK && MARK.test(text.charAt(at))) return text.replace(MARKS, '$1');
  }
  return text;
}

/**
 * Whether a text can be the name of a tool: nothing invisible in it, no white space but single spaces inside, no ASCII
 * name in other letters.
 */
export function isToolName(text: string): boolean {
  if (/^\s|\s$|\s\s|[^\S ]|\p{C}/u.test(text)) return false;
  const spelled = plain(text);
  return spelled === text || ODD.test(spelled);
}
