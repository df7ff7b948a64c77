/**
 * What results said, as hashes of their runs of eight characters: whoever copies as much is found, whatever the case, the
 * spacing and the spelling. Looking costs what the text that is looked at is long, however many results there were.
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

function normalized(text: string): string {
  return (mayReadOtherwise(text) ? plain(text) : text).toLowerCase().replace(BETWEEN, '');
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

/** The runs of all results that count, each with the number of a result that had it. */
export type Runs = Map<number, number>;

/** Calls `take` with each text and number at or below a value; `false` where there is more than is looked at. */
function eachText(value: unknown, take: (text: string, isNumber: boolean) => void): boolean {
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
      for (const key in members) if (!visit(key, depth) || !visit(members[key], depth + 1)) return false;
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
    const stride = length > LONG ? RUN : 1;
    for (let at = 0; at + RUN <= length && runs.size <= MOST_RUNS; at += stride)
      runs.set(hashAt(norm, at, RUN), origin);
  };
  return eachText(result, take) && runs.size <= MOST_RUNS;
}

/** The number of a result of which a text at or below the value holds a copy; -1 without one. */
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
  eachText(value, take);
  return origin;
}
