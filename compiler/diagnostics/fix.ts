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

/**
 * The fix of a misspelt word of the policy language itself (a key, an operation, a severity): the one word that is
 * near. Where two words are as near, or where the names are the author's own (files, entries, rules), nobody but
 * the author knows which was meant, and there is none.
 */
function fixOfWord(code: string, params: unknown, span: Span): Fix | undefined {
  if (!code.startsWith('PL11') || typeof params !== 'object' || params === null) return undefined;
  const { near, known, allowed, key, got, operation } = params as Readonly<Record<string, unknown>>;
  const word = [key, got, operation].find((each) => typeof each === 'string');
  const words = [known, allowed].find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
  if (typeof near !== 'string' || word === undefined || !words) return undefined;
  const others = words.filter((each): each is string => typeof each === 'string' && each !== near);
  if (nearest(word, others) !== null) return undefined;
  const written = span.file.text.slice(span.start, span.end);
  if (written === word) return { span, text: near };
  const quote = written[0];
  return written === `${quote ?? ''}${word}${quote ?? ''}` && (quote === '"' || quote === "'")
    ? { span, text: `${quote}${near}${quote}` }
    : undefined;
}
