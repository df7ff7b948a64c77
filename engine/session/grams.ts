/**
 * What results said, as hashes of their runs of eight characters: whoever copies as much is found, whatever the case, the
 * spacing and the spelling. What is shorter is found where it is all of an argument. Looking costs what the text that is looked
 * at is long, however many results there were.
 */
import { decimalText } from '../text/decimal.ts';
import { mayReadOtherwise, plain } from '../text/plain.ts';

declare const isArray: (value: unknown) => value is readonly unknown[];

/** Characters in a run. */
const RUN = 8;
/** A shorter text is a copy only as a whole, and one below this is none: it stands in many others by chance. */
const SHORTEST = 4;
/** A number with fewer digits stands in many others by chance. */
const SHORTEST_NUMBER = 6;
/** Of a longer text every eighth run is remembered: who copies fifteen characters has one of them. */
const LONG = 2_048;
/** Runs that are remembered. */
const MOST_RUNS = 65_536;
/** Of one result: characters and values that are looked at. */
const MOST_CHARACTERS = 1_048_576;
const MOST_VALUES = 100_000;
const DEEPEST = 64;

const BETWEEN = /[\s!-/:-@[-`{-~]+/g;
/** What stands between the values of a table, a list or an object that is written as text. */
const BETWEEN_FIELDS = /[\n\r\t,;:|"'()[\]{}<>]+/;
const DIGIT = /\d/;
/** How tools name their arguments: such a name is the tool's and tells nothing. */
const NAME = /^[A-Za-z_]{1,40}$/;

const readable = (text: string): string => (mayReadOtherwise(text) ? plain(text) : text);

const normalized = (text: string): string => readable(text).toLowerCase().replace(BETWEEN, '');

/** Short parts of a text that may be copied alone: its fields, and words that look like a name or a code. */
function shortParts(text: string): readonly string[] {
  const isShort = ({ length }: string): boolean => length >= SHORTEST && length < RUN;
  const isNameOrCode = (word: string): boolean =>
    isShort(word) && (DIGIT.test(word) || word.charAt(0) !== word.charAt(0).toLowerCase());
  const read = readable(text);
  const fields = read.split(BETWEEN_FIELDS).map((field) => field.toLowerCase().replace(BETWEEN, ''));
  const words = read.split(BETWEEN).filter(isNameOrCode);
  return [...fields.filter(isShort), ...words.map((word) => word.toLowerCase())];
}

/** 53 bits of a run. */
function hashAt(text: string, from: number, length: number): number {
  let one = 7 + length;
  let two = 0x2c1b3c6d ^ length;
  for (let i = from; i < from + length; i += 1) {
    const unit = text.charCodeAt(i);
    one = ((one << 5) - one + unit) | 0;
    two = ((two << 9) - (two << 2) + two) ^ (unit + (two >>> 15));
  }
  return (one >>> 0) * 2_097_152 + (two >>> 11);
}

const never = (): boolean => false;

/** The runs of all results that count, each with the number of a result that had it. */
export type Runs = Map<number, number>;

/**
 * Calls `take` with each text and number at or below a value; `false` where there is more than is looked at.
 *
 * @param isName - names of members of the value itself that are left out
 */
function eachText(
  value: unknown,
  take: (text: string, isNumber: boolean) => void,
  isName: (key: string) => boolean = never,
): boolean {
  let values = 0;
  let characters = 0;
  const visit = (one: unknown, depth: number): boolean => {
    values += 1;
    if (values > MOST_VALUES || depth > DEEPEST) return false;
    if (typeof one === 'string') {
      characters += one.length;
      if (characters > MOST_CHARACTERS) return false;
      take(one, false);
    } else if (typeof one === 'number') {
      if (one - one === 0) take(decimalText(one), true);
    } else if (isArray(one)) {
      for (let i = 0; i < one.length; i += 1) if (!visit(one[i], depth + 1)) return false;
    } else if (typeof one === 'object' && one !== null) {
      const members = one as Readonly<Record<string, unknown>>;
      for (const key in members) {
        const isLeftOut = depth === 0 && isName(key);
        if ((!isLeftOut && !visit(key, depth)) || !visit(members[key], depth + 1)) return false;
      }
    }
    return true;
  };
  return visit(value, 0);
}

const shortest = (isNumber: boolean): number => (isNumber ? SHORTEST_NUMBER : SHORTEST);

/** Remembers what a result says; `false` where that is more than can be remembered. */
export function remember(runs: Runs, result: unknown, origin: number): boolean {
  const take = (text: string, isNumber: boolean): void => {
    const norm = normalized(text);
    const { length } = norm;
    if (length < shortest(isNumber)) return;
    if (length < RUN) {
      runs.set(hashAt(norm, 0, length), origin);
      return;
    }
    for (const part of isNumber ? [] : shortParts(text)) {
      if (runs.size > MOST_RUNS) return;
      runs.set(hashAt(part, 0, part.length), origin);
    }
    const stride = length > LONG ? RUN : 1;
    for (let at = 0; at + RUN <= length && runs.size <= MOST_RUNS; at += stride)
      runs.set(hashAt(norm, at, RUN), origin);
  };
  return eachText(result, take) && runs.size <= MOST_RUNS;
}

/** The number of a result of which a text at or below the arguments of a call holds a copy; -1 without one. */
export function copiedFrom(runs: Runs, value: unknown): number {
  if (runs.size === 0) return -1;
  let origin = -1;
  const take = (text: string, isNumber: boolean): void => {
    if (origin >= 0) return;
    const norm = normalized(text);
    const { length } = norm;
    if (length < RUN) {
      if (length >= shortest(isNumber)) origin = runs.get(hashAt(norm, 0, length)) ?? -1;
      return;
    }
    for (let at = 0; origin < 0 && at + RUN <= length; at += 1)
      origin = runs.get(hashAt(norm, at, RUN)) ?? -1;
  };
  eachText(value, take, (key) => NAME.test(key));
  return origin;
}
