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
  const member = new RegExp(`^\\p{${name}}$`, 'u');
  const found: (readonly [number, number])[] = [];
  let start = -1;
  for (let c = 0; c <= LAST_CODE_POINT + 1; c++) {
    const inside = c <= LAST_CODE_POINT && member.test(String.fromCodePoint(c));
    if (inside && start < 0) start = c;
    if (!inside && start >= 0) {
      found.push([start, c - 1]);
      start = -1;
    }
  }
  const set = fromRanges(found);
  properties.set(name, set);
  return set;
}
