/**
 * JSON (RFC 8259), strictly: what readers take differently is not read. A name that stands twice, or is that of the
 * prototype, a whole number that a
 * double does not hold, half a surrogate pair, and more levels than any tool needs are such. Nothing here is given to
 * the host's own reader.
 */
import { isDecodable, UNREADABLE } from './form.ts';
import type { Form } from './form.ts';
import type { CharacterOf } from './utf8.ts';

declare const Map: MapConstructor;

/** Measured on lists of small objects and on objects of many members. */
const WORK = 8;
/** Levels of lists and objects. */
const DEEPEST = 64;
const LARGEST_WHOLE = 9_007_199_254_740_991;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const HALF_PAIR = /\p{Cs}/u;
const WORDS = [
  { word: 'true', value: true },
  { word: 'false', value: false },
  { word: 'null', value: null },
] as const;
/** For some readers it is the object's own kind, which the text then chooses. */
const NOT_A_NAME = /^_{2}proto_{2}$/;
/** Letters behind a backslash, and in the same order what they stand for. */
const LETTERS = '"\\/bfnrt';
const STAND_FOR = '"\\/\b\f\n\r\t';

/** A text and how far it has been read. */
interface Input {
  readonly text: string;
  readonly characterOf: CharacterOf;
  at: number;
}

export const jsonForm = (characterOf: CharacterOf): Form => ({
  work: WORK,
  whole: (text) => {
    if (!isDecodable(text)) return UNREADABLE;
    const input: Input = { text, characterOf, at: 0 };
    const value = valueIn(input, 0);
    skipSpace(input);
    return input.at === text.length ? value : UNREADABLE;
  },
});

function skipSpace(input: Input): void {
  while (' \t\r\n'.includes(input.text.charAt(input.at)) && input.at < input.text.length) input.at += 1;
}

/** Goes on past a character; whether it stands there. */
function skips(input: Input, character: string): boolean {
  skipSpace(input);
  if (input.text.charAt(input.at) !== character) return false;
  input.at += 1;
  return true;
}

function valueIn(input: Input, depth: number): unknown {
  if (skips(input, '{')) return depth < DEEPEST ? membersIn(input, depth + 1) : UNREADABLE;
  if (skips(input, '[')) return depth < DEEPEST ? itemsIn(input, depth + 1) : UNREADABLE;
  if (skips(input, '"')) return textIn(input) ?? UNREADABLE;
  const found = WORDS.find(({ word }) => input.text.startsWith(word, input.at));
  if (!found) return numberIn(input);
  input.at += found.word.length;
  return found.value;
}

function numberIn(input: Input): unknown {
  const from = input.at;
  while (/[-+.\deE]/.test(input.text.charAt(input.at))) input.at += 1;
  const written = input.text.slice(from, input.at);
  if (!NUMBER.test(written)) return UNREADABLE;
  const number = +written;
  const isWhole = !/[.eE]/.test(written);
  const isHeld = isWhole ? number >= -LARGEST_WHOLE && number <= LARGEST_WHOLE : number - number === 0;
  return isHeld ? number : UNREADABLE;
}

/** The text up to the quote that ends it; `null` where it is none. */
function textIn(input: Input): string | null {
  let text = '';
  let from = input.at;
  for (; ; input.at += 1) {
    const unit = input.text.charCodeAt(input.at);
    // Also where the text ends.
    if (!(unit >= 32)) return null;
    if (unit !== 34 && unit !== 92) continue;
    text += input.text.slice(from, input.at);
    if (unit === 34) break;
    input.at += 1;
    const escaped = escapeIn(input);
    if (escaped === null) return null;
    text += escaped;
    from = input.at + 1;
  }
  input.at += 1;
  return HALF_PAIR.test(text) ? null : text;
}

/** What an escape stands for; the input is left at its last character. */
function escapeIn(input: Input): string | null {
  const letter = input.text.charAt(input.at);
  if (letter !== 'u')
    return letter !== '' && LETTERS.includes(letter) ? STAND_FOR.charAt(LETTERS.indexOf(letter)) : null;
  const digits = input.text.slice(input.at + 1, input.at + 5);
  if (!/^[\da-f]{4}$/i.test(digits)) return null;
  input.at += 4;
  return input.characterOf(+`0x${digits}`);
}

function itemsIn(input: Input, depth: number): unknown {
  const items: unknown[] = [];
  if (skips(input, ']')) return items;
  do {
    const item = valueIn(input, depth);
    if (item === UNREADABLE) return UNREADABLE;
    items.push(item);
  } while (skips(input, ','));
  return skips(input, ']') ? items : UNREADABLE;
}

function membersIn(input: Input, depth: number): unknown {
  const members: Record<string, unknown> = {};
  const names = new Map<string, true>();
  if (skips(input, '}')) return members;
  do {
    const name = skips(input, '"') ? textIn(input) : null;
    if (name === null || NOT_A_NAME.test(name) || names.has(name) || !skips(input, ':')) return UNREADABLE;
    const value = valueIn(input, depth);
    if (value === UNREADABLE) return UNREADABLE;
    names.set(name, true);
    members[name] = value;
  } while (skips(input, ','));
  return skips(input, '}') ? members : UNREADABLE;
}
