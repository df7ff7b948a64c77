/** The named character sets of the language (ECMA-262, 22.2.2.9 CharacterClassEscape). */
import { fromRanges, LAST_CODE_POINT, type CharSet } from './charset.ts';

export const DIGIT: CharSet = [0x30, 0x39];
export const WORD: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** `\w` under `/iu`: also what folds to a word character, long s and the Kelvin sign (22.2.2.9.3 WordCharacters). */
export const FOLDED_WORD: CharSet = [...WORD, 0x17f, 0x17f, 0x212a, 0x212a];
export const LINE_TERMINATOR: CharSet = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];
/** WhiteSpace and LineTerminator (12.2, 12.3). */
export const SPACE: CharSet = fromRanges([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

const properties = new Map<string, CharSet>();

/**
 * The set of `\p{…}`, by its text between the braces, which the parser has found valid. It is read off the
 * host, so it follows the Unicode version of the Node that compiles, not of the one that evaluates.
 */
export function propertySet(name: string): CharSet {
  const cached = properties.get(name);
  if (cached) return cached;
  const members = new RegExp(`\\p{${name}}+`, 'gu');
  const found = codePointBlocks().flatMap(({ first, units, text }) =>
    [...text.matchAll(members)].map(({ index, 0: run }): readonly [number, number] => [
      first + index / units,
      first + (index + run.length) / units - 1,
    ]),
  );
  const set = fromRanges(found);
  properties.set(name, set);
  return set;
}

interface Block {
  readonly first: number;
  /** UTF-16 units of each of its characters. */
  readonly units: number;
  readonly text: string;
}

let blocks: readonly Block[] | undefined;

/** Every code point, in texts in which no two lone surrogates form a pair. */
function codePointBlocks(): readonly Block[] {
  blocks ??= [
    [0, 0xdbff],
    [0xdc00, 0xffff],
    [0x10000, LAST_CODE_POINT],
  ].map(([first = 0, last = 0]) => {
    let text = '';
    for (let from = first; from <= last; from += 1024) {
      text += String.fromCodePoint(...Array.from({ length: 1024 }, (_, i) => from + i));
    }
    return { first, units: first > 0xffff ? 2 : 1, text };
  });
  return blocks;
}
