/**
 * What trips the cell of one argument (`GuardCell` of `tables.ts`), as far as it follows from the rules that look at it:
 * each kind of rule has a function that puts in what its operand trips. A cell may trip for nothing, never the other way
 * round. The compiler makes the other cells with the same functions.
 */
import { patterns } from '../text/spelling.ts';
import { testOf, TRIPS } from '../module/tables.ts';
import type { Alternatives, Draft, Trip } from '../module/draft.ts';
import type { GuardCell } from '../module/tables.ts';

declare const Map: MapConstructor;

const native = patterns('u');

/** A text that is looked for, as a regular expression with `u`. */
interface Sought {
  readonly source: string;
  /** Characters with one of which it begins; '' where it may stand anywhere. */
  readonly starts: string;
  readonly needs: string;
}

/** What goes in must stay linear. */
const MOST_ALTERNATIVES = 48;
const MOST_TESTS = 512;
/** Looking for two characters costs less than the regular expression; for more it does not. */
const MOST_NEEDS = 2;
/** Of a literal: a comparison, and the step to the next. */
export const LITERAL_TESTS = 2;

/** Signs that say something else in a regular expression. */
const SPECIAL: Readonly<Record<string, string>> = escaped('\\^$.*+?()[]{}|');

function escaped(signs: string): Record<string, string> {
  const written: Record<string, string> = {};
  for (const sign of signs) written[sign] = `\\${sign}`;
  return written;
}

const MAX = 1.7976931348623157e308;
const ALL_BUT_NUMBERS = TRIPS.everyText | TRIPS.literals | TRIPS.missing;

export const noAlternatives = (): Alternatives => ({ sources: [], tests: 0, heads: 0, needs: [] });

export const newDraft = (): Draft => ({
  rules: [],
  ofNumbers: false,
  low: -MAX,
  high: MAX,
  equal: undefined,
  head: undefined,
  any: undefined,
  tests: undefined,
});

/** The cell of an argument, made of what was put in. */
export function cellOf(arg: string, cell: Draft): GuardCell {
  const { rules, ofNumbers, low, high, equal: texts, head, any, tests } = cell;
  if (ofNumbers) return [arg, rules, ALL_BUT_NUMBERS, low, high];
  const heads = head ? head.heads : 0;
  const needs = any ? needed(any) : '';
  return [
    arg,
    rules,
    TRIPS.noNumber,
    0,
    0,
    texts || [],
    heads,
    regexOf(head),
    regexOf(any),
    needs,
    tests || [],
  ];
}

const regexOf = (group: Alternatives | undefined): RegExp | 0 =>
  group ? native(group.sources.join('|')) : 0;

function range(cell: Draft, low: number, high: number): void {
  cell.ofNumbers = true;
  if (low > cell.low) cell.low = low;
  if (high < cell.high) cell.high = high;
}

/** A distance that leads past the next number: twice the relative distance of neighbours, and more than none near 0. */
const past = (x: number): number => (x < 0 ? -x : x) * 2 ** -52 + 5e-324;

export const above: Trip<number> = (cell, x) => range(cell, -MAX, x);
export const atLeast: Trip<number> = (cell, x) => range(cell, -MAX, x - past(x));
export const below: Trip<number> = (cell, x) => range(cell, x, MAX);
export const atMost: Trip<number> = (cell, x) => range(cell, x + past(x), MAX);
export const within: Trip<readonly [number, number]> = (cell, [low, high]) => range(cell, low, high);

export const equal: Trip<string | readonly string[]> = (cell, operand) => {
  const texts = (cell.equal ??= []);
  for (const text of typeof operand === 'string' ? [operand] : operand) {
    const low = text.toLowerCase();
    if (!texts.includes(low)) texts.push(low);
  }
};

/** Texts that hold an ASCII text, at the start (`before`), at the end (`behind`) or anywhere. */
export const holding = (before: string, behind: string, folds: boolean): Trip<string> =>
  looking(LITERAL_TESTS, (text) => {
    const written = folds ? (inAnyCase ??= cased()) : SPECIAL;
    let source = before;
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charAt(i);
      source += written[c] ?? c;
    }
    const starts = before && (folds ? casesOf(text.charAt(0)) : text.charAt(0));
    return { source: source + behind, starts, needs: rareCharacter(text) };
  });

let inAnyCase: Readonly<Record<string, string>> | undefined;

function cased(): Readonly<Record<string, string>> {
  const written: Record<string, string> = { ...SPECIAL };
  for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') written[c] = written[c.toLowerCase()] = `[${casesOf(c)}]`;
  return written;
}

/** Texts that a native pattern matches; `needs` and `tests` as of `Alternatives`, `starts` where it begins with `^` and a character. */
export const matching = (needs: string, tests: number, starts?: 1): Trip<string> =>
  looking(tests, (source) => ({ source, starts: starts ? source.charAt(1) : '', needs }));

/** Many tools may share a rule: what it looks for is worked out once. */
function looking(tests: number, soughtOf: (operand: string) => Sought): Trip<string> {
  const known = new Map<string, Sought>();
  return (cell, operand) => {
    let sought = known.get(operand);
    if (!sought) known.set(operand, (sought = soughtOf(operand)));
    const { source, starts, needs } = sought;
    const group = starts ? (cell.head ??= noAlternatives()) : (cell.any ??= noAlternatives());
    if (take(group, source, tests, starts, needs)) return;
    (cell.tests ??= []).push(testOf(native(source)));
  };
}

/** Takes in one more, unless they would become too many. What it begins with is one of the characters `starts`. */
export function take(
  group: Alternatives,
  source: string,
  tests: number,
  starts: string,
  needs: string,
): boolean {
  const { sources } = group;
  if (!sources.includes(source)) {
    if (sources.length === MOST_ALTERNATIVES || group.tests + tests > MOST_TESTS) return false;
    sources.push(source);
    group.tests += tests;
  }
  for (let i = 0; i < starts.length; i += 1) group.heads |= 1 << (starts.charCodeAt(i) & 31);
  // Once more with '' where none is certain.
  for (let i = 0; i < (needs.length || 1); i += 1) {
    const need = needs.charAt(i);
    if (!group.needs.includes(need)) group.needs.push(need);
  }
  return true;
}

/** One or two characters without which none of them matches, or ''. */
export const needed = ({ needs }: Alternatives): string =>
  needs.length > MOST_NEEDS || needs.includes('') ? '' : needs.join('');

/** A character that arguments seldom hold; '' where the text has none. One unit, so that `includes` finds it. */
export const rareCharacter = (text: string): string => /(?![A-Za-z0-9 ._:,/\\-])[!-~]/.exec(text)?.[0] ?? '';

/** A character of ASCII in both cases; the long s and the Kelvin sign are others of `s` and `k`. */
export function casesOf(letter: string): string {
  const low = letter.toLowerCase();
  const up = low.toUpperCase();
  return low === up ? low : low + up + ({ s: '\u017f', k: '\u212a' }[low] ?? '');
}
