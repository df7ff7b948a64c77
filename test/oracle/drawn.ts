/**
 * What characters are drawn like, by Unicode's own data and by nothing of the product: the list of confusable characters
 * (`test/spelling/confusables.txt`) in the scripts that the documentation names, decompositions, the values of digits.
 */
import { readFileSync } from 'node:fs';
import { once } from './once.ts';

const SCRIPTS =
  /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}\p{sc=Cherokee}\p{sc=Coptic}\p{sc=Lisu}]/u;
const DIGIT = /^\p{Nd}$/u;

const list = readFileSync(new URL('../spelling/confusables.txt', import.meta.url), 'utf8').split('\n');
const listed = new Map(
  list
    .filter((line) => /^[^#] /.test(line))
    .flatMap((line) =>
      line
        .slice(2)
        .split(' ')
        .map((code) => [codePoint(code), line.charAt(0)] as const),
    )
    .filter(([c]) => SCRIPTS.test(c) || c.normalize('NFKC') !== c),
);

function codePoint(hexadecimal: string): string {
  return String.fromCodePoint(parseInt(hexadecimal, 16));
}

/** All characters of the list, for generators. */
export const LISTED: readonly string[] = [...listed.keys()];

/** Beside the list: other spaces, hyphens, slashes, the small eta; and which of `I` and `l` it means by its `l`. */
const ADDED: Readonly<Record<string, string>> = {
  ' ': '\x85\u1680\u2028\u2029\u2800',
  '-': '\u2010\u2012\u2013\u2014\u2043\u2212',
  '/': '\u2044\u2215\u2571\u29f8',
  n: '\u03b7',
  l: '\u0196\u04cf',
  I: '\ua4f2',
};
const added = new Map(Object.entries(ADDED).flatMap(([letter, all]) => [...all].map((c) => [c, letter])));

const isCapital = (c: string): boolean => c !== c.toLowerCase();

/** The list has one letter for `I`, `l` and `1`. */
function letterOf(c: string): string | undefined {
  const letter = listed.get(c);
  return added.get(c) ?? (letter === 'l' && isCapital(c) ? 'I' : letter);
}

/** Digits come in runs of ten, zero first. */
function digitOf(c: string): string {
  const code = c.codePointAt(0) ?? 0;
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** What a single character, already decomposed, is drawn like: it, or the same letter in another case. */
export const drawnLike = once((c: string): string => {
  if (c < '\x80') return c;
  const own = DIGIT.test(c) ? digitOf(c) : letterOf(c);
  if (own !== undefined) return own;
  const other = letterOf(c.toUpperCase().toLowerCase()) ?? letterOf(c.toUpperCase());
  if (other === undefined) return c;
  return isCapital(c) ? other.toUpperCase() : other.toLowerCase();
});

/** What a character is drawn like as a whole, where it decomposes into what is drawn like nothing; else itself. */
export const drawnWhole = once((c: string): string => {
  const [first = c] = c.normalize('NFKD');
  const isTold =
    first === c || first.trim() === '' ? first === c : first < '\x80' || letterOf(first) !== undefined;
  return isTold ? c : (letterOf(c) ?? c);
});

/** Whether a letter is drawn like one ASCII letter, and like another one in its other case. */
export const isTwoFaced = once((c: string): boolean => {
  const faces = [c.toUpperCase(), c.toLowerCase()].map((one) => drawnLike(one).toLowerCase());
  return c >= '\x80' && faces.every((face) => /^[a-z\d]$/.test(face)) && faces[0] !== faces[1];
});
