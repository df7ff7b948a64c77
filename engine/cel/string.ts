import { MAX_TEXT } from './arith.ts';
import { spend, spendText } from './budget.ts';
import type { Budget } from './budget.ts';
import { position, toBigint } from './number.ts';
import { characters, countCharacters, sliceCharacters } from './text.ts';
import { failed, isList, NO_ELEMENT, TOO_MUCH, type CelFailure } from './value.ts';
import { find, findLast, pieces as between } from '../text/find.ts';
import { isWhole, UnknownValue } from '../text/references.ts';

/** Positions count code points (cel-go ext/README.md "Strings"). */

export function celStartsWith(budget: Budget, text: unknown, prefix: unknown): unknown {
  if (typeof text !== 'string' || typeof prefix !== 'string') return startOf(budget, text, prefix);
  return spendText(budget, prefix.length) ? text.startsWith(prefix) : TOO_MUCH;
}

export function celEndsWith(budget: Budget, text: unknown, suffix: unknown): unknown {
  if (typeof text !== 'string' || typeof suffix !== 'string') return endOf(budget, text, suffix);
  return spendText(budget, suffix.length) ? text.endsWith(suffix) : TOO_MUCH;
}

export function celContains(budget: Budget, text: unknown, part: unknown): unknown {
  if (typeof text !== 'string' || typeof part !== 'string') return partOf(budget, text, part);
  return spendText(budget, text.length) ? find(text, part) >= 0 : TOO_MUCH;
}

/** What the known beginning of a text says of a prefix. */
function startOf(budget: Budget, text: unknown, prefix: unknown): unknown {
  const [first] = knownParts(text);
  if (first === undefined || typeof prefix !== 'string') return failed(text, prefix);
  if (!spendText(budget, prefix.length)) return TOO_MUCH;
  if (first.startsWith(prefix)) return true;
  return prefix.startsWith(first) ? failed(text) : false;
}

function endOf(budget: Budget, text: unknown, suffix: unknown): unknown {
  const known = knownParts(text);
  const last = known[known.length - 1];
  if (last === undefined || typeof suffix !== 'string') return failed(text, suffix);
  if (!spendText(budget, suffix.length)) return TOO_MUCH;
  if (last.endsWith(suffix)) return true;
  return suffix.endsWith(last) ? failed(text) : false;
}

function partOf(budget: Budget, text: unknown, part: unknown): unknown {
  const known = knownParts(text);
  if (known.length === 0 || typeof part !== 'string') return failed(text, part);
  for (const each of known) {
    if (!spendText(budget, each.length)) return TOO_MUCH;
    if (find(each, part) >= 0) return true;
  }
  return failed(text);
}

/** What is known of a text that holds references; nothing of a value that may be no text at all. */
function knownParts(text: unknown): readonly string[] {
  if (!(text instanceof UnknownValue) || text.known === null || isWhole(text)) return [];
  return text.known;
}

/** The character at an index; empty at the very end. */
export function celCharAt(budget: Budget, text: unknown, index: unknown): unknown {
  if (typeof text !== 'string' || typeof index !== 'bigint') return failed(text, index);
  if (!spendText(budget, text.length)) return TOO_MUCH;
  const at = position(index);
  if (at === null || at < 0 || at > countCharacters(text)) return NO_ELEMENT;
  return sliceCharacters(text, at, at + 1);
}

export function celIndexOf(budget: Budget, text: unknown, part: unknown, start: unknown = 0n): unknown {
  if (typeof text !== 'string' || typeof part !== 'string' || typeof start !== 'bigint') {
    return failed(text, part, start);
  }
  if (!spendText(budget, text.length)) return TOO_MUCH;
  const at = position(start);
  const length = countCharacters(text);
  // An empty text has nothing to be outside of.
  if (at === null || at < 0 || (at > length && part !== '')) return part === '' ? start : NO_ELEMENT;
  if (part === '') return at >= length ? toBigint(length) : start;
  const skipped = sliceCharacters(text, 0, at);
  const found = find(text, part, skipped.length);
  return found < 0 ? -1n : toBigint(countCharacters(text.slice(0, found)));
}

/** The last occurrence that begins at `start` or before. */
export function celLastIndexOf(budget: Budget, text: unknown, part: unknown, start?: unknown): unknown {
  if (typeof text !== 'string' || typeof part !== 'string') return failed(text, part, start);
  if (!spendText(budget, text.length)) return TOO_MUCH;
  const length = countCharacters(text);
  let limit = text.length;
  if (typeof start !== 'undefined') {
    if (typeof start !== 'bigint') return failed(start);
    const at = position(start);
    if (at === null || at < 0 || at > length) return NO_ELEMENT;
    limit = sliceCharacters(text, 0, at).length;
  }
  const found = findLast(text, part, limit);
  return found < 0 ? -1n : toBigint(countCharacters(text.slice(0, found)));
}

export function celLowerAscii(budget: Budget, text: unknown): unknown {
  if (typeof text !== 'string') return failed(text);
  return spendText(budget, text.length) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : TOO_MUCH;
}

export function celUpperAscii(budget: Budget, text: unknown): unknown {
  if (typeof text !== 'string') return failed(text);
  return spendText(budget, text.length) ? text.replace(/[a-z]+/g, (part) => part.toUpperCase()) : TOO_MUCH;
}

/** Replaces the first `count` occurrences; all of them if that is negative or absent. */
export function celReplace(
  budget: Budget,
  text: unknown,
  from: unknown,
  to: unknown,
  count: unknown = -1n,
): unknown {
  if (
    typeof text !== 'string' ||
    typeof from !== 'string' ||
    typeof to !== 'string' ||
    typeof count !== 'bigint'
  ) {
    return failed(text, from, to, count);
  }
  const pieces = cut(budget, text, from, count < 0n ? -1n : count + 1n);
  return glue(budget, pieces, to);
}

/** Splits into at most `count` pieces; into all if that is negative or absent. */
export function celSplit(budget: Budget, text: unknown, separator: unknown, count: unknown = -1n): unknown {
  if (typeof text !== 'string' || typeof separator !== 'string' || typeof count !== 'bigint') {
    return failed(text, separator, count);
  }
  if (count === 0n) return [];
  const pieces = cut(budget, text, separator, count, true);
  return pieces;
}

/** `limit` pieces of `text` at `separator`; between all characters if that is empty, `inner`: not at the ends. */
function cut(
  budget: Budget,
  text: string,
  separator: string,
  limit: bigint,
  inner = false,
): readonly string[] | CelFailure {
  if (!spendText(budget, text.length)) return TOO_MUCH;
  const all = separator === '' ? characters(text) : between(text, separator);
  const pieces = separator === '' && !inner ? ['', ...all, ''] : all;
  if (!spend(budget, pieces.length)) return TOO_MUCH;
  const most = position(limit);
  if (most === null || most < 0 || pieces.length <= most) return pieces;
  return [...pieces.slice(0, most - 1), pieces.slice(most - 1).join(separator)];
}

function glue(budget: Budget, pieces: readonly string[] | CelFailure, separator: string): unknown {
  if (!isList(pieces)) return pieces;
  let length = separator.length * pieces.length;
  for (const piece of pieces) length += piece.length;
  return length <= MAX_TEXT && spendText(budget, length) ? pieces.join(separator) : TOO_MUCH;
}

/** Characters from `start`, and before `end`. */
export function celSubstring(budget: Budget, text: unknown, start: unknown, end?: unknown): unknown {
  if (typeof text !== 'string' || typeof start !== 'bigint') return failed(text, start, end);
  if (!spendText(budget, text.length)) return TOO_MUCH;
  const length = countCharacters(text);
  const from = position(start);
  const given = typeof end === 'bigint' ? position(end) : null;
  const to = typeof end === 'undefined' ? length : given;
  if (from === null || to === null) return failed(end);
  if (from < 0 || from > to || to > length) return NO_ELEMENT;
  return sliceCharacters(text, from, to);
}

/** Without white space (Unicode White_Space) at the ends. */
export function celTrim(budget: Budget, text: unknown): unknown {
  if (typeof text !== 'string') return failed(text);
  if (!spendText(budget, text.length)) return TOO_MUCH;
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(unit: string): boolean {
  return /[\p{White_Space}]/u.test(unit);
}

export function celReverse(budget: Budget, text: unknown): unknown {
  if (typeof text !== 'string') return failed(text);
  if (!spend(budget, text.length)) return TOO_MUCH;
  let reversed = '';
  for (const character of text) reversed = character + reversed;
  return reversed;
}

export function celJoin(budget: Budget, list: unknown, separator: unknown = ''): unknown {
  if (!isList(list) || typeof separator !== 'string') return failed(list, separator);
  if (!spend(budget, list.length)) return TOO_MUCH;
  const pieces: string[] = [];
  for (const piece of list) {
    if (typeof piece !== 'string') return failed(piece);
    pieces.push(piece);
  }
  return glue(budget, pieces, separator);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** A double-quoted literal; a surrogate without its other half becomes U+FFFD. */
export function celQuote(budget: Budget, text: unknown): unknown {
  if (typeof text !== 'string') return failed(text);
  if (!spend(budget, text.length)) return TOO_MUCH;
  const escaped = text
    .replace(/[\p{Cc}\\"]/gu, (character) => ESCAPES[character] ?? character)
    .replace(/\p{Surrogate}/gu, '\ufffd');
  return `"${escaped}"`;
}
