/** How a string is compared with the texts of an operand, in the spellings that a test takes for the same. */
import type { Test } from '../ir/program.ts';
import type { TextComparison } from '../operations/index.ts';
import { EXACT, plain, plainOperand, plainOperands, textsOf } from '../spelling/index.ts';
import { join, js, literal, name, regexLiteral } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import type { Scope } from './scope.ts';
import { quote } from '../../engine/text/spelling.ts';

const v = name('v');
/** The operand of a rule, where the code of its kind takes it. */
const x = name('x');

/** How sure a test must be: `maybe` also holds where the test cannot tell. */
export type Mode = 'maybe' | 'definitely';

/**
 * The comparison of the text `v` as an expression of an operand `x`, for rules of one kind to share; `null` where only
 * code of its own says what the operand is compared with. `operand` is what stands in the rule for `x`.
 */
export function sharedComparison(
  how: TextComparison,
  test: Test,
  mode: Mode,
  scope: Scope,
): { readonly code: Code; readonly operand: Code } | null {
  const { ignoreCase, normalize } = test.spelling ?? EXACT;
  const looksBoth = normalize === 'either' && mode === 'maybe';
  const looksAtAll = normalize === 'yes' && mode === 'maybe';
  const plainText = (): Code => js`${scope.support('plain')}(${v})`;
  /** With code that compares `v`, and with an expression that it is to match. */
  const compared = (code: Code): Code => {
    if (looksBoth) return js`${scope.support('spelt')}(${v},${v}=>${code})`;
    if (looksAtAll) return js`${scope.support('read')}(${v},${v}=>${code})`;
    return normalize === 'yes' ? js`(${v}=>${code})(${plainText()})` : code;
  };
  const matched = (made: Code): Code => {
    if (looksBoth) return js`${scope.support('like')}(${v},${made}(${x}))`;
    if (looksAtAll) return js`${scope.support('read')}(${v},${v}=>${made}(${x}).test(${v}))`;
    return js`${made}(${x}).test(${normalize === 'yes' ? plainText() : v})`;
  };
  if (test.pattern) {
    const { pattern } = test;
    if (pattern.engine !== 'native')
      return { code: compared(js`${x}(${v})`), operand: scope.pattern(pattern) };
    const made = scope.constant('e', js`${scope.support('patterns')}(${literal(pattern.flags)})`);
    return { code: matched(made), operand: literal(pattern.printed) };
  }
  const { operand } = test;
  const texts = textsOf(operand);
  if (texts.length === 0 || (Array.isArray(operand) && texts.length < operand.length)) return null;
  const isPlain = (text: string): boolean =>
    plainOperands(text, test.spelling ?? EXACT, how === 'is').every((form) => form === text) &&
    plainOperand(text, test.spelling ?? EXACT) !== null;
  if ((looksBoth || normalize === 'yes') && !texts.every(isPlain)) return null;
  // Half a surrogate pair is found inside a pair by `includes`, and not by an expression.
  if (!texts.every((text) => text.isWellFormed())) return null;
  const folds = ignoreCase === 'yes' || (ignoreCase === 'either' && mode === 'maybe');
  if (folds) {
    const [before, behind] = FRAMES[how];
    const made = scope.constant('e', js`${scope.support('folded')}(${literal(before)},${literal(behind)})`);
    return { code: matched(made), operand: literal(operand) };
  }
  const code = Array.isArray(operand) ? js`${x}.includes(${v})` : EXACTLY[how](x);
  return { code: compared(code), operand: literal(operand) };
}

/** A function of one string: does the comparison hold, for sure or in some spelling? */
export function emitComparison(how: TextComparison, test: Test, mode: Mode, scope: Scope): Code {
  const { ignoreCase, normalize } = test.spelling ?? EXACT;
  const folds = ignoreCase === 'yes' || (ignoreCase === 'either' && mode === 'maybe');
  const written = textsOf(test.operand);
  const compare = (texts: readonly string[]): Code => comparison(how, texts, test, folds, scope);
  const looksBoth = normalize === 'either' && mode === 'maybe';
  if (normalize !== 'yes' && !looksBoth) return compare(written);
  if (mode === 'definitely') {
    const plains = how === 'matches' ? written : written.map(plain);
    return js`${v}=>(${compare(plains)})(${scope.support('plain')}(${v}))`;
  }
  const forms =
    how === 'matches'
      ? written
      : written.flatMap((text) => plainOperands(text, test.spelling ?? EXACT, how === 'is'));
  const read = (): Code => js`${scope.support('read')}(${v},${compare(forms)})`;
  if (!looksBoth) return js`${v}=>${read()}`;
  if (forms.length === written.length && forms.every((text, i) => text === written[i])) {
    return js`${v}=>${scope.support('spelt')}(${v},${compare(written)})`;
  }
  if (forms.length === 0) return compare(written);
  return js`${v}=>(${compare(written)})(${v})||${read()}`;
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
  return js`${v}=>${tests.length === 0 ? literal(false) : join(tests, js`||`)}`;
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

const EXACTLY: Readonly<Record<TextComparison, (text: Code) => Code>> = {
  is: (text) => js`${v}===${text}`,
  contains: (text) => js`${v}.includes(${text})`,
  starts_with: (text) => js`${v}.startsWith(${text})`,
  ends_with: (text) => js`${v}.endsWith(${text})`,
  matches: () => literal(false),
};

/** Whether a text may be spelled in another case: `iu` takes some character for this one. */
export const hasCase = (text: string): boolean =>
  /[\p{CWCF}\p{CWCM}]/u.test(text) || text.toLowerCase() !== text || text.toUpperCase() !== text;
