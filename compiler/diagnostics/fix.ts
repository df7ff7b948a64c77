import type { Span } from '../ir/source.ts';
import { nearest } from './near.ts';

/** A stretch of a source and what to write there instead. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
}

/**
 * The fix of a finding, where there is exactly one that cannot make a policy weaker: a misspelt word of the language,
 * and a quantifier that changes nothing.
 */
export function fixOf(code: string, params: unknown, span: Span): Fix | undefined {
  return code === 'PL4166' ? fixOfQuantifier(params, span) : fixOfWord(code, params, span);
}

/** The pattern matches the same texts without it. */
function fixOfQuantifier(params: unknown, span: Span): Fix | undefined {
  const { text } = params as { readonly text: string };
  return span.file.text.slice(span.start, span.end) === text ? { span, text: '' } : undefined;
}

/** What the codes of wrong words say, as far as a fix asks. */
interface WrongWord {
  readonly near?: unknown;
  readonly known?: unknown;
  readonly allowed?: unknown;
  readonly key?: unknown;
  readonly got?: unknown;
  readonly operation?: unknown;
  readonly isSynonym?: unknown;
  readonly homes?: unknown;
}

/** Shorter words are near to many: `op` to `or`, `tol` to `not`. */
const LEAST_LETTERS = 4;

/**
 * The fix of a misspelt word of the policy language itself (a key, an operation, a severity): the one word that is
 * near, or that others call so. Where two words are as near, where the word is a key elsewhere, or where the names are
 * the author's own (files, entries, rules), nobody but the author knows which was meant, and there is none.
 */
function fixOfWord(code: string, params: unknown, span: Span): Fix | undefined {
  if (!code.startsWith('PL11') || typeof params !== 'object' || params === null) return undefined;
  const { near, known, allowed, key, got, operation, isSynonym, homes } = params as WrongWord;
  const word = [key, got, operation].find((each) => typeof each === 'string');
  const list = [known, allowed].find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
  const words = list?.filter((each): each is string => typeof each === 'string');
  if (typeof near !== 'string' || word === undefined || !words?.includes(near)) return undefined;
  if (isSynonym !== true && !isSlipOf(word, near, words, homes)) return undefined;
  const written = span.file.text.slice(span.start, span.end);
  if (written === word) return { span, text: near };
  const quote = written[0];
  return written === `${quote ?? ''}${word}${quote ?? ''}` && (quote === '"' || quote === "'")
    ? { span, text: `${quote}${near}${quote}` }
    : undefined;
}

/** Whether a word can only be a slip of the one that is near. */
function isSlipOf(word: string, near: string, words: readonly string[], homes: unknown): boolean {
  if (word.length < LEAST_LETTERS || (Array.isArray(homes) && homes.length > 0)) return false;
  // A synonym of an operation or a value is near by its sense, which nothing here can weigh.
  if (nearest(word, [near]) === null) return false;
  return (
    nearest(
      word,
      words.filter((each) => each !== near),
    ) === null
  );
}
