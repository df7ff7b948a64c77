/** How a string is compared with the texts of an operand, in the spellings that a test takes for the same. */
import type { Test } from '../ir/program.ts';
import type { TextComparison } from '../operations/index.ts';
import { EXACT, plainOperand, textsOf } from '../spelling/index.ts';
import { empty, join, js, literal, name, regexLiteral } from './code.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';

const v = name('v');

/** How sure a test must be: `maybe` also holds where the test cannot tell. */
export type Mode = 'maybe' | 'definitely';

/** A function of one string: does the comparison hold, for sure or in some spelling? */
export function emitComparison(how: TextComparison, test: Test, mode: Mode, scope: Scope): Code {
  const { ignoreCase, normalize } = test.spelling ?? EXACT;
  const folds = ignoreCase === 'yes' || (ignoreCase === 'either' && mode === 'maybe');
  const written = textsOf(test.operand);
  const compare = (texts: readonly string[]): Code => comparison(how, texts, test, folds, scope);
  const looksBoth = normalize === 'either' && mode === 'maybe';
  if (normalize !== 'yes' && !looksBoth) return compare(written);
  const spelled =
    how === 'matches' ? written : written.map((text) => plainOperand(text, test.spelling ?? EXACT));
  const known = spelled.filter((text) => text !== null);
  const plain = scope.support('plain');
  if (!looksBoth) return js`${v}=>(${compare(known)})(${plain}(${v}))`;
  if (known.length === written.length && known.every((text, i) => text === written[i])) {
    // The commonest test of all, so the shortest.
    const folded = test.pattern ? null : foldedSource(how, written, folds);
    if (folded !== null) return js`${scope.support('like')}(${regexLiteral(folded, 'iu')})`;
    return js`${v}=>${scope.support('spelt')}(${v},${compare(written)})`;
  }
  if (known.length === 0) return compare(written);
  return js`${v}=>(${compare(written)})(${v})||(${compare(known)})(${plain}(${v}))`;
}

function comparison(
  how: TextComparison,
  texts: readonly string[],
  { pattern }: Test,
  folds: boolean,
  scope: Scope,
): Code {
  if (pattern) return scope.pattern(pattern, false);
  const folded = foldedSource(how, texts, folds);
  if (folded !== null) return js`${v}=>${regexLiteral(folded, 'iu')}.test(${v})`;
  const tests = texts.map((text) => EXACTLY[how](literal(text)));
  return js`${v}=>${tests.length === 0 ? literal(false) : tests.length === 1 ? (tests[0] ?? empty) : join(tests, js`||`)}`;
}

/** The comparison as a regular expression without regard to case; `null` where there is no case to disregard. */
function foldedSource(how: TextComparison, texts: readonly string[], folds: boolean): string | null {
  if (!folds || !texts.some(hasCase)) return null;
  const [start, end] = FRAMES[how];
  const each = [...new Set(texts)].map(quote);
  return `${start}${each.length === 1 ? (each[0] ?? '') : `(?:${each.join('|')})`}${end}`;
}

const FRAMES: Readonly<Record<TextComparison, readonly [start: string, end: string]>> = {
  is: ['^', '$'],
  contains: ['', ''],
  starts_with: ['^', ''],
  ends_with: ['', '$'],
  matches: ['', ''],
};

const EXACTLY: Readonly<Record<TextComparison, (x: Code) => Code>> = {
  is: (x) => js`${v}===${x}`,
  contains: (x) => js`${v}.includes(${x})`,
  starts_with: (x) => js`${v}.startsWith(${x})`,
  ends_with: (x) => js`${v}.endsWith(${x})`,
  matches: () => literal(false),
};

export const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Whether a text may be spelled in another case: `iu` takes some character for this one. */
export const hasCase = (text: string): boolean =>
  /[\p{CWCF}\p{CWCM}]/u.test(text) || text.toLowerCase() !== text || text.toUpperCase() !== text;
