/**
 * A strict JSON reader (RFC 8259). `JSON.parse` keeps the last of two members of one name, other parsers keep
 * the first: what was checked and what is used could then differ, so duplicates are an error here (§4: names
 * SHOULD be unique), and so are integers that a double cannot hold (§6). Depth is capped because the reader recurses.
 *
 * Names of members never reach `JSON.parse` as names: V8 12.9 to 14.6 can be made to take one that is written with an
 * escape for another (nodejs/node#63785).
 */

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export type JsonErrorCode = 'not_json' | 'duplicate_member' | 'inexact_number' | 'too_deep';

/** Why a text is refused, and where. The message never quotes the text: it may hold a secret. */
export class JsonError extends SyntaxError {
  override readonly name = 'JsonError';
  readonly code: JsonErrorCode;
  /** Place in the text, in UTF-16 units from 0. */
  readonly offset: number;

  constructor(code: JsonErrorCode, why: string, offset: number) {
    super(`${why} at offset ${offset}`);
    this.code = code;
    this.offset = offset;
  }
}

const MAX_DEPTH = 32;
/** No double has more digits in front of its point. */
const MAX_DIGITS = 309;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
const BLANK = /[ \t\n\r]*/y;

/**
 * Reads one JSON text.
 *
 * @param maxDepth - deepest nesting of arrays and objects
 * @throws JsonError for text that is not JSON, has a member twice, holds an integer that no double does, or nests
 * deeper.
 */
export function parseJson(text: string, maxDepth = MAX_DEPTH): JsonValue {
  let at = 0;

  const refuse = (why: string, code: JsonErrorCode = 'not_json', offset = at): never => {
    throw new JsonError(code, why, offset);
  };
  /** The next character that is no blank. */
  const peek = (): string => {
    BLANK.lastIndex = at;
    BLANK.test(text);
    at = BLANK.lastIndex;
    return text.charAt(at);
  };
  const take = (expected: string): void => {
    if (peek() !== expected) refuse(`expected ${expected}`);
    at += 1;
  };
  const list = (close: string, item: () => void): void => {
    at += 1;
    if (peek() !== close) {
      item();
      while (peek() === ',') {
        at += 1;
        item();
      }
      if (peek() !== close) refuse(`expected , or ${close}`);
    }
    at += 1;
  };
  const string = (): string => {
    const end = stringEnd(text, at);
    try {
      // The grammar of escapes is that of JSON.parse.
      const value = JSON.parse(text.slice(at, end)) as string;
      at = end;
      return value;
    } catch {
      return refuse('not a JSON string');
    }
  };
  const scalar = (): JsonValue => {
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0] ?? refuse('expected a value');
    const value = JSON.parse(word) as number | boolean | null;
    if (typeof value === 'number' && isInexact(word, value))
      refuse('an integer that a double cannot hold', 'inexact_number');
    at = WORD.lastIndex;
    return value;
  };
  const value = (depth: number): JsonValue => {
    const first = peek();
    if (first === '"') return string();
    if (first !== '[' && first !== '{') return scalar();
    if (depth === maxDepth) refuse('nested too deeply', 'too_deep');
    if (first === '[') {
      const items: JsonValue[] = [];
      list(']', () => items.push(value(depth + 1)));
      return items;
    }
    const members = new Map<string, JsonValue>();
    list('}', () => {
      if (peek() !== '"') refuse('expected a name');
      const start = at;
      const key = string();
      if (members.has(key)) refuse('a member is there twice', 'duplicate_member', start);
      take(':');
      members.set(key, value(depth + 1));
    });
    // `fromEntries` defines own properties: a member called __proto__ stays a member.
    return Object.fromEntries(members);
  };

  const result = value(0);
  if (peek() !== '') refuse('text after the value');
  return result;
}

/** Behind the quote that ends the string which begins here; the end of the text where there is none. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at;
    while (text.charAt(before - 1) === '\\') before -= 1;
    // Backslashes in pairs escape each other.
    if ((at - before) % 2 === 0) return at + 1;
  }
  return text.length;
}

function isInexact(word: string, value: number): boolean {
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(word)) return false;
  return word.length > MAX_DIGITS + 1 || BigInt(word) !== BigInt(value);
}
