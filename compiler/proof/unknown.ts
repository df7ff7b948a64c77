/**
 * What tests say of a text that holds references, so that a part of it, or all of it, is not known yet. The engine has
 * the same as emitted code (`engine/rules/unknown.ts`); `test/inherit/meaning.test.ts` holds the two against each other.
 */
import type { Scalar } from '../ir/document.ts';
import { looksOf } from '../patterns/index.ts';
import {
  bare,
  FOLDS,
  isOpaque,
  isWhole,
  numberIn,
  PLAIN,
  readText,
  UnknownValue,
} from '../spelling/index.ts';
import { LENGTHS } from './lengths.ts';
import { compares, languageOf, operandsOf, readingsOf } from './texts.ts';
import type { Comparison, ValueTest } from './texts.ts';

/** A reference, to a step that an example has beside its own. */
export const REFERENCE = '${s0.result}';
/** An opener that nobody understands: every test is in doubt of it. */
export const OPAQUE = '${';

/** What is not known of a value; `null` where all is, or where the test asks what is written. */
export function unknownIn(value: unknown, test: ValueTest): UnknownValue | null {
  if (value instanceof UnknownValue) return value;
  return typeof value === 'string' && test.written !== true ? readText(value) : null;
}

/** The answer that holds whatever the value turns out to be, or `null`. */
export function toldOf(test: ValueTest, value: UnknownValue): boolean | null {
  if (isOpaque(value) || value.isInside) return null;
  if (test.operation === 'exists') return true;
  if (test.operation === 'missing') return false;
  return isWhole(value) ? null : (TOLD[test.operation]?.(test, value.known ?? []) ?? null);
}

/** What is told by the known parts of a text, around each reference. */
type Told = (test: ValueTest, parts: readonly string[]) => boolean | null;

const first = (parts: readonly string[]): string => parts[0] ?? '';
const last = (parts: readonly string[]): string => parts.at(-1) ?? '';
const opposite =
  (told: Told): Told =>
  (test, parts) => {
    const answer = told(test, parts);
    return answer === null ? null : !answer;
  };

/** Found in one of these parts for sure. A mark in what is not known may change a letter, so plain spellings are never sure. */
function isFound(how: Comparison, test: ValueTest, parts: readonly string[]): boolean {
  if (test.spelling?.normalize === 'yes') return false;
  return parts.some((part) => compares(how, part, String(test.operand), test, 'definitely'));
}

const contains: Told = (test, parts) => (isFound('contains', test, parts) ? true : null);

const matches: Told = (test, parts) => (isFound('matches', test, partsSeenBy(test, parts)) ? true : null);

/** The parts in which a match is one whatever stands around them. */
function partsSeenBy(test: ValueTest, parts: readonly string[]): readonly string[] {
  const looks = looksOf(languageOf('matches', String(test.operand), false));
  if (looks === 'around') return [];
  if (looks === 'start') return [first(parts)];
  return looks === 'end' ? [last(parts)] : parts;
}

const flagsOf = (test: ValueTest): number => {
  const { folds, plain } = readingsOf(test, 'maybe');
  return (folds ? FOLDS : 0) + (plain ? PLAIN : 0);
};

const starts: Told = (test, parts) => {
  if (isFound('starts_with', test, [first(parts)])) return true;
  const [a, b] = [first(parts), String(test.operand)].map((text) => bare(text, flagsOf(test))?.trimStart());
  return a === undefined || b === undefined || a.startsWith(b) || b.startsWith(a) ? null : false;
};

const ends: Told = (test, parts) => {
  if (isFound('ends_with', test, [last(parts)])) return true;
  const [a, b] = [last(parts), String(test.operand)].map((text) => bare(text, flagsOf(test))?.trimEnd());
  return a === undefined || b === undefined || a.endsWith(b) || b.endsWith(a) ? null : false;
};

const isOneOf: Told = (test, parts) => {
  const known = parts.map((part) => bare(part, flagsOf(test)));
  const mayBe = (operand: Scalar): boolean => {
    if (operand === null) return false;
    if (hasOtherForms(operand)) return true;
    const sought = bare(String(operand), flagsOf(test));
    return sought === null || known.includes(null) || fits(known.map(String), sought);
  };
  return operandsOf(test).some(mayBe) ? null : false;
};

/** What passes for a number, or for a word like `true`, is written in many ways. */
export const hasOtherForms = (operand: Scalar): boolean =>
  typeof operand !== 'string' || /^\s*(?:true|false)\s*$/i.test(operand) || numberIn(operand.trim()) !== null;

/** Whether a text is these parts, with anything between them. */
function fits(parts: readonly string[], written: string): boolean {
  const [head, tail] = [first(parts).trimStart(), last(parts).trimEnd()];
  const text = written.trim();
  if (!text.startsWith(head) || !text.slice(head.length).endsWith(tail)) return false;
  let between = text.slice(head.length, text.length - tail.length);
  for (const part of parts.slice(1, -1)) {
    const at = between.indexOf(part);
    if (at < 0) return false;
    between = between.slice(at + part.length);
  }
  return true;
}

/** A text is at least as long as what is known of it. */
const isLong: Told = (test, parts) => {
  const [lowest = 0, highest = Infinity] = LENGTHS[test.operation]?.(test.operand) ?? [];
  const least = Array.from(parts.join('')).length;
  if (least > highest) return false;
  return least >= lowest && highest === Infinity ? true : null;
};

const TOLD: Readonly<Record<string, Told>> = {
  type: ({ operand }) => operand === 'string',
  equals: isOneOf,
  in: isOneOf,
  not_equals: opposite(isOneOf),
  not_in: opposite(isOneOf),
  contains,
  not_contains: opposite(contains),
  matches,
  not_matches: opposite(matches),
  starts_with: starts,
  ends_with: ends,
  ...Object.fromEntries(Object.keys(LENGTHS).map((name) => [name, isLong])),
};
