/** Plain texts → the text from which the module builds its Aho-Corasick table. */
import { makeAlphabet } from '../automata/alphabet.ts';
import { fromRanges, single } from '../syntax/charset.ts';
import { foldingOrbit } from '../syntax/folding.ts';
import { Packer } from './pack.ts';

/**
 * Layout: classes; width; number of texts; each text as its length and classes. With `ignoreCase` all characters
 * of one folding are one class.
 */
export function packWords(texts: readonly string[], ignoreCase: boolean): string {
  const setOf = (codePoint: number): readonly number[] =>
    ignoreCase ? fromRanges(foldingOrbit(codePoint).map((c) => [c, c])) : single(codePoint);
  const spelt = texts.map((text) => Array.from(text, (character) => setOf(character.codePointAt(0) ?? 0)));
  const alphabet = makeAlphabet(spelt.flat());
  const packer = new Packer().classes(alphabet.runs).number(alphabet.size).number(texts.length);
  for (const word of spelt) {
    packer.number(word.length);
    for (const set of word) packer.number(alphabet.maskOf(set).toString(2).length - 1);
  }
  return packer.toString();
}
