/** Whether somebody has named a text: it stands in what they wrote, as a word or words of its own. */
import { decimalText } from './decimal.ts';
import { bare, FOLDS } from './bare.ts';
import { plain, readings } from './plain.ts';
import { UnknownValue } from './references.ts';

/** What somebody wrote, and the shortest text that counts as named in it, in characters. */
export interface Request {
  readonly text: string;
  readonly least: number;
}

/** A character of a word. */
const WORD = /[\p{L}\p{N}\p{M}_]/u;
/** Signs that join words to one: what stands in `a.b@c.org` is not named by itself. */
const JOINS = /[-@./\\:%+=&#~]/;
/** Longer texts are not looked for: nobody asks in such, and looking for one again and again takes long. */
const LONGEST = 1000;
const HIGH = 0xd800;
const LOW = 0xdc00;

/** Named for sure: in the very letters, case aside. */
export function isNamed(value: unknown, { text, least }: Request): boolean {
  const sought = textOf(value);
  return sought !== null && stands(folded(sought), folded(text), least);
}

/** Named, or nobody can tell: in some spelling, or it is no text. */
export function mayBeNamed(value: unknown, request: Request): boolean {
  const sought = textOf(value);
  if (sought === null || sought.length > LONGEST) return true;
  if (isNamed(value, request)) return true;
  const where = folded(plain(request.text));
  return [plain(sought), ...readings(sought)].some((form) => stands(folded(form), where, request.least));
}

/** A text, or a number in decimal; `null` for what is no text. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim();
  if (value instanceof UnknownValue) return null;
  return typeof value === 'number' && value - value === 0 ? decimalText(value) : null;
}

const folded = (text: string): string => bare(text, FOLDS) ?? text;

/** Whether a text stands in another one with no word, and no part of one, going on at either of its ends. */
function stands(sought: string, where: string, least: number): boolean {
  if (sought.length > LONGEST || [...sought].length < least) return false;
  for (let at = where.indexOf(sought); at >= 0; at = where.indexOf(sought, at + 1)) {
    if (!goesOn(where, at, -1) && !goesOn(where, at + sought.length - 1, 1)) return true;
  }
  return false;
}

/** Whether a word goes on beyond an end of a text: with a letter or digit, or with a sign and one behind it. */
function goesOn(text: string, edge: number, step: 1 | -1): boolean {
  const next = characterAt(text, edge + step, step);
  const last = characterAt(text, edge, step === 1 ? -1 : 1);
  if (WORD.test(next)) return WORD.test(last) || JOINS.test(last);
  return JOINS.test(next) && WORD.test(characterAt(text, edge + 2 * step, step));
}

/** The character at a place, whole where the place holds half of one; `step`: which way its other half lies. */
function characterAt(text: string, at: number, step: 1 | -1): string {
  const unit = text.charCodeAt(at);
  if (unit !== unit) return '';
  const other = text.charCodeAt(at + step);
  const isPair =
    step === 1
      ? unit >= HIGH && unit < LOW && other >= LOW && other < 0xe000
      : unit >= LOW && unit < 0xe000 && other >= HIGH && other < LOW;
  if (!isPair) return text.charAt(at);
  return step === 1 ? text.slice(at, at + 2) : text.slice(at - 1, at + 1);
}
