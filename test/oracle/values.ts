/** Single values, read as tools may read them. */
import type { Scalar } from '../../compiler/ir/document.ts';
import { compareTexts, plainOf } from './spelling.ts';
import type { Readings } from './spelling.ts';

type Truth = true | false | 'unknown';

/** An array or object where a scalar was meant, or what another tool reads as the same, cannot be told. */
export function equalTo(value: unknown, operand: Scalar, readings: Readings): Truth {
  if (typeof value === 'object' && value !== null) return 'unknown';
  const isSame =
    typeof value === 'string' && typeof operand === 'string'
      ? compareTexts('equals', value, operand, readings)
      : value === operand;
  if (isSame !== false) return isSame;
  return readsLike(value, operand) ? 'unknown' : false;
}

const TRUE = /^(?:true|yes|on|y|t)$/i;
const FALSE = /^(?:false|no|off|n|f|)$/i;

/** The number that a text is, with whatever people write between digits. */
function numberOf(text: string): number | null {
  const written = plainOf(text).trim();
  const digits = written.replace(/(?<=\d)[\s_,'](?=\d)/g, '');
  const number = Number(digits);
  return written !== '' && Number.isFinite(number) ? number : null;
}

function booleanOf(text: string): boolean | null {
  const word = plainOf(text).trim();
  if (TRUE.test(word) || numberOf(text) === 1) return true;
  return FALSE.test(word) || numberOf(text) === 0 ? false : null;
}

/** An operand that is a word for true or false; `null` for others. */
const wordOf = (operand: string): boolean | null =>
  /^\s*true\s*$/i.test(operand) ? true : /^\s*false\s*$/i.test(operand) ? false : null;

function readsLike(value: unknown, operand: Scalar): boolean {
  if (operand === null || value === null) return false;
  if (typeof value === 'boolean') {
    if (typeof operand === 'number') return Number(value) === operand;
    return typeof operand === 'string' && wordOf(operand) === value;
  }
  if (typeof value === 'number') {
    if (typeof operand === 'boolean') return value === Number(operand);
    if (typeof operand !== 'string') return false;
    const word = wordOf(operand);
    return word === null ? plainNumber(operand) === value : value === Number(word);
  }
  if (typeof value !== 'string') return false;
  if (typeof operand === 'boolean') return booleanOf(value) === operand;
  if (typeof operand === 'number')
    return numberOf(value) === operand || Number.parseFloat(plainOf(value).trim()) === operand;
  const word = wordOf(operand);
  if (word !== null) return booleanOf(value) === word;
  const number = plainNumber(operand);
  return number !== null && Math.abs(number) <= Number.MAX_SAFE_INTEGER && numberOf(value) === number;
}

/** The number that an operand is; a policy is not looked at for other spellings. */
function plainNumber(operand: string): number | null {
  return plainOf(operand) === operand ? numberOf(operand) : null;
}

/** Whether nothing is to be seen, or nothing is inside. */
export function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return plainOf(value).trim() === '';
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Its length, and how much a tool may find that takes lists in lists, and lists of words, for one list. */
export function lengthsOf(value: unknown): { readonly own: number; readonly most: number } | null {
  if (typeof value === 'string') return { own: [...value].length, most: [...value].length };
  if (typeof value !== 'object' || value === null) return null;
  const own = Object.keys(value).length;
  const inside = Array.isArray(value)
    ? flat(value)
    : Math.max(0, ...Object.values(value).map((member) => (Array.isArray(member) ? flat(member) : 0)));
  return { own, most: Math.max(own, inside) };
}

function flat(list: readonly unknown[]): number {
  const counts = list.map((element) => {
    if (Array.isArray(element)) return flat(element);
    const words = typeof element === 'string' ? element.split(/[,;|]/).map((word) => word.trim()) : [''];
    return words.every((word) => /^\S+$/.test(word)) ? words.length : 1;
  });
  return Math.max(
    list.length,
    counts.reduce((sum, count) => sum + count, 0),
  );
}

export function typesOf(value: unknown): readonly string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['number', 'integer'] : ['number'];
  return [typeof value];
}

/** Whether an operand is a number, or `true` or `false`, so that it is written in many ways. */
export const hasOtherForms = (operand: string): boolean =>
  wordOf(operand) !== null || plainNumber(operand) !== null;
