/** Values that do for one tool what an operand of another type, or another spelling of it, does for another tool. */
import { plain } from './plain.ts';

type Scalar = string | number | boolean | null;

const YES = ['true', 'yes', 'on', 'y', 't'];
const NO = ['false', 'no', 'off', 'n', 'f', ''];
/** What people write between digits. */
const SEPARATORS = /(\d)[\s_,'](?=\d)/g;
/** What readers that stop at the first sign they do not know (`parseFloat`) take for a number. */
const LEADING = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
/** Beyond, different texts are read as the same number. */
const MOST_EXACT = 9007199254740991;

/** Whether a value may pass for one of these: `"5"`, `"5.0"` or `"5n"` for 5, `"TRUE"`, `"yes"` or 1 for true. */
export function readsLike(value: unknown, operands: readonly Scalar[]): boolean {
  if (typeof value === 'string') {
    const text = plain(value).trim();
    return operands.some((operand) => textReadsLike(text, operand));
  }
  if (typeof value === 'number') return operands.some((operand) => numberReadsLike(value, operand));
  return typeof value === 'boolean' && operands.some((operand) => booleanReadsLike(value, operand));
}

function textReadsLike(text: string, operand: Scalar): boolean {
  if (typeof operand === 'number')
    return numberIn(text) === operand || +(LEADING.exec(text)?.[0] ?? '?') === operand;
  if (typeof operand === 'boolean') return booleanIn(text) === operand;
  if (operand === null) return false;
  const other = operand.trim();
  const word = wordIn(other);
  if (word !== null) return booleanIn(text) === word;
  const number = numberIn(other);
  return number !== null && number <= MOST_EXACT && number >= -MOST_EXACT && numberIn(text) === number;
}

function numberReadsLike(value: number, operand: Scalar): boolean {
  if (typeof operand === 'boolean') return value === (operand ? 1 : 0);
  if (typeof operand !== 'string') return false;
  const word = wordIn(operand.trim());
  return word === null ? numberIn(operand.trim()) === value : value === (word ? 1 : 0);
}

function booleanReadsLike(value: boolean, operand: Scalar): boolean {
  if (typeof operand === 'number') return operand === (value ? 1 : 0);
  return typeof operand === 'string' && wordIn(operand.trim()) === value;
}

/** The finite number that a text is, or `null`. */
export function numberIn(text: string): number | null {
  if (text === '') return null;
  const number = +text.replace(SEPARATORS, '$1');
  return number - number === 0 ? number : null;
}

const wordIn = (text: string): boolean | null => {
  const low = text.toLowerCase();
  return low === 'true' || (low === 'false' ? false : null);
};

function booleanIn(text: string): boolean | null {
  const low = text.toLowerCase();
  if (YES.includes(low) || numberIn(text) === 1) return true;
  return NO.includes(low) || numberIn(text) === 0 ? false : null;
}

/** Whether what is there says nothing: a text in which nothing is seen, an array or object without members. */
export function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return plain(value).trim() === '';
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}

/** A list of words in one text: `a,b,c`. A sentence is none. */
const WORDS = /^\s*[^\s,;|]+(?:\s*[,;|]\s*[^\s,;|]+)+\s*$/;
/** Longer texts are no list of a few. */
const LONGEST_LIST = 10_000;

/** How many elements a tool may take a text for that stands in a list: `a,b,c` for three. */
export function wordsIn(text: string): number {
  return text.length <= LONGEST_LIST && WORDS.test(text) ? text.split(/[,;|]/).length : 1;
}
