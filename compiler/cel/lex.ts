import { decodeBytes, decodeDouble, decodeString } from './literals.ts';
import { CelProblem, type Span } from './problems.ts';

/** A token of CEL (cel-spec, langdef.md "Syntax"). Integers keep their digits: the sign before decides the range. */
export type Token = Span &
  (
    | { readonly kind: 'int' | 'uint'; readonly text: string }
    | { readonly kind: 'double'; readonly text: string; readonly value: number }
    | { readonly kind: 'string'; readonly text: string; readonly value: string }
    | { readonly kind: 'bytes'; readonly text: string; readonly octets: readonly number[] }
    /** `quoted`: written between backticks, a field name only. */
    | { readonly kind: 'name' | 'quoted' | 'sign' | 'end'; readonly text: string }
  );

const space = /(?:[ \t\n\f\r]|\/\/[^\n]*)*/y;
const word = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const double = /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)(?![_a-zA-Z0-9])/y;
const integer = /(0[xX][0-9a-fA-F]+|\d+)([uU]?)(?![_a-zA-Z0-9])/y;
const quoted = /`([_a-zA-Z0-9.\-/ ]+)`/y;
const sign = /&&|\|\||==|!=|<=|>=|[<>+\-*/%!?:.,()[\]{}]/y;
const stringStart = /([rR]?[bB]?|[bB][rR])("""|'''|"|')/y;

/** Splits an expression into tokens; the last one is `end`. @throws CelProblem */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  for (;;) {
    at += match(space)?.[0].length ?? 0;
    if (at >= source.length) break;
    const token = stringToken(source, at, match(stringStart)) ?? plainToken(at, match);
    if (!token) throw unexpected(source, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}

function plainToken(at: number, match: (pattern: RegExp) => RegExpExecArray | null): Token | null {
  const span = (text: string): Span => ({ start: at, end: at + text.length });
  const number = match(double);
  if (number) {
    const text = number[0];
    return { kind: 'double', text, value: decodeDouble(text, span(text)), ...span(text) };
  }
  const whole = match(integer);
  if (whole) return { kind: whole[2] ? 'uint' : 'int', text: whole[1] ?? '', ...span(whole[0]) };
  const name = match(word);
  if (name) return { kind: 'name', text: name[0], ...span(name[0]) };
  const field = match(quoted);
  if (field) return { kind: 'quoted', text: field[1] ?? '', ...span(field[0]) };
  const operator = match(sign);
  return operator && { kind: 'sign', text: operator[0], ...span(operator[0]) };
}

function stringToken(source: string, start: number, opening: RegExpExecArray | null): Token | null {
  if (!opening) return null;
  const prefix = opening[1] ?? '';
  const quote = opening[2] ?? '"';
  const raw = /r/i.test(prefix);
  const first = start + opening[0].length;
  for (let at = first; at < source.length; at++) {
    const character = source[at];
    if (character === '\n' || character === '\r') {
      if (quote.length === 1) break;
    } else if (character === '\\' && !raw) at++;
    else if (source.startsWith(quote, at)) {
      const end = at + quote.length;
      const text = source.slice(first, at).replace(/\r\n?/g, '\n');
      const span = { start, end };
      return /b/i.test(prefix)
        ? { kind: 'bytes', text, octets: decodeBytes(text, raw, span), ...span }
        : { kind: 'string', text, value: decodeString(text, raw, span), ...span };
    }
  }
  const span = { start, end: first };
  throw new CelProblem('syntax', 'this string is not closed', span, `end it with \`${quote}\``);
}

const lookalikes: Readonly<Record<string, string>> = {
  '=': 'write `==` to compare',
  '&': 'write `&&` for "and"',
  '|': 'write `||` for "or"',
  '“': 'use straight quotes',
  '”': 'use straight quotes',
  '’': 'use straight quotes',
};

function unexpected(source: string, start: number): CelProblem {
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  const span = { start, end: start + character.length };
  if (/\d/.test(character)) {
    const end = start + (/^[\w.]+/.exec(source.slice(start))?.[0].length ?? 1);
    return new CelProblem('syntax', `\`${source.slice(start, end)}\` is not a number`, { start, end });
  }
  if (source.startsWith('=~', start)) {
    const hint = 'CEL writes `text.matches("…")`';
    return new CelProblem('syntax', '`=~` is not part of an expression', { start, end: start + 2 }, hint);
  }
  const message = `\`${character}\` is not part of an expression`;
  return new CelProblem('syntax', message, span, lookalikes[character] ?? '');
}
