/**
 * The only place where policy text can become JavaScript.
 *
 * A `Code` is text that may stand in the emitted module. There are three ways to get one: a `js` template
 * whose holes take `Code` only, `literal` (a JSON value as an escaped literal) and `name` (an identifier this
 * compiler made). A string cannot be put into a template, so policy text cannot be either.
 */

import { FORBIDDEN_WORDS, MODULE_HEAD, MODULE_TAIL } from '@plan-lint/runtime/contract';

export { FORBIDDEN_WORDS };

/** A stretch of emitted text, by offsets, that one rule of the table answers for; `source-map.ts` reads them. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  /** Index of the rule. */
  readonly rule: number;
}

/** A marked text that stands inside another one. */
interface Placed {
  readonly code: Code;
  readonly at: number;
}

/** JavaScript text that is safe to put into the module. */
export class Code {
  readonly #text: string;
  /** The rule that the whole text is of, or where parts of it stand that are of one; `null` where there are none. */
  readonly #marked: number | readonly Placed[] | null;
  private constructor(text: string, found: number | readonly Placed[] | null) {
    this.#text = text;
    this.#marked = found;
  }
  /** @internal Only this file makes a `Code` from a string. */
  static fromTrusted(text: string, found: number | readonly Placed[] | null = null): Code {
    return new Code(text, found);
  }
  toString(): string {
    return this.#text;
  }
  get isMarked(): boolean {
    return this.#marked !== null;
  }
  /** In the order of the text; put together only when somebody wants a source map. */
  get marks(): readonly Mark[] {
    const marks: Mark[] = [];
    this.#collect(0, marks);
    return marks;
  }
  #collect(at: number, marks: Mark[]): void {
    const found = this.#marked;
    if (typeof found === 'number') marks.push({ from: at, to: at + this.#text.length, rule: found });
    else for (const part of found ?? []) part.code.#collect(at + part.at, marks);
  }
}

const unsafe = (text: string): Code => Code.fromTrusted(text);

/** The same text, of which it is known what rule it is of. */
export function marked(code: Code, rule: number): Code {
  return Code.fromTrusted(code.toString(), rule);
}

/** Template of emitted code: `js\`if (${test}) ${name('hit')}(${literal(7)})\``. */
export function js(parts: TemplateStringsArray, ...holes: readonly Code[]): Code {
  let text = parts[0] ?? '';
  let found: Placed[] | null = null;
  for (let i = 0; i < holes.length; i += 1) {
    const code = holes[i] as Code;
    if (code.isMarked) (found ??= []).push({ code, at: text.length });
    text += code.toString() + (parts[i + 1] ?? '');
  }
  return Code.fromTrusted(text, found);
}

const FEW = 8;

export function join(items: readonly Code[], separator: Code): Code {
  const between = separator.toString();
  let at = 0;
  let found: Placed[] | null = null;
  let text = '';
  const texts: string[] = [];
  for (let i = 0; i < items.length; i += 1) {
    const code = items[i] as Code;
    const one = code.toString();
    if (code.isMarked) (found ??= []).push({ code, at });
    at += one.length + between.length;
    // Adding up is quick for a few, and leaves a tree of many to be walked later.
    if (items.length > FEW) texts.push(one);
    else text += i > 0 ? between + one : one;
  }
  return Code.fromTrusted(items.length > FEW ? texts.join(between) : text, found);
}

export const empty = unsafe('');
export const comma = unsafe(',');
export const newline = unsafe('\n');

export function lines(items: readonly Code[]): Code {
  return join(items, newline);
}

/** A module of its factory, a function expression. */
export function asModule(factory: Code): Code {
  return js`${unsafe(MODULE_HEAD)}${factory}${unsafe(MODULE_TAIL)}`;
}

/** `\xNN` and `\uNNNN` only: the first cannot spell an identifier, the second is never used for ASCII. */
function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A piece of a literal's inside: an escape sequence, or one character that may still be written as one. */
interface Piece {
  readonly text: string;
  readonly plain: boolean;
}

// `\b` alone would call the `$` of an identifier a boundary.
const forbidden = new RegExp(`(?<![\\w$])(?:${FORBIDDEN_WORDS.join('|')})(?![\\w$])`);

/**
 * Joins pieces so that no forbidden word stands as a whole word in the result, be it spelt by plain characters
 * or in part by an escape (`\w` before `indow`): one plain character inside each becomes an escape.
 */
function joinWithoutForbidden(pieces: readonly Piece[]): string {
  const current = [...pieces];
  for (;;) {
    const text = current.map((piece) => piece.text).join('');
    const found = forbidden.exec(text);
    if (!found) return text;
    const end = found.index + found[0].length;
    let offset = 0;
    const inside = current.findIndex((piece) => {
      const start = offset;
      offset += piece.text.length;
      return piece.plain && start >= found.index && start < end && /[A-Za-z]/.test(piece.text);
    });
    const piece = current[inside];
    if (!piece) throw new RangeError(`cannot write ${found[0]} without spelling it out`);
    current[inside] = { text: escapeUnit(piece.text), plain: false };
  }
}

const plainText = /^[\x20\x21\x23-\x3b\x3d-\x5b\x5d-\x7e]*$/;

/** Literals of short texts: most are names of arguments and tools, of which there are few. */
const known = new Map<string, string>();
const [LONGEST_KNOWN, MOST_KNOWN] = [24, 2_000];

function stringLiteral(value: string): string {
  if (value.length > LONGEST_KNOWN) return spelledOut(value);
  let text = known.get(value);
  if (text === undefined) {
    text = spelledOut(value);
    if (known.size < MOST_KNOWN) known.set(value, text);
  }
  return text;
}

function spelledOut(value: string): string {
  if (plainText.test(value) && !forbidden.test(value)) return `"${value}"`;
  const pieces = Array.from({ length: value.length }, (_, i): Piece => {
    const unit = value.charAt(i);
    if (unit === '"') return { text: '\\"', plain: false };
    // Never `\\\\`: before a `u` the loader would take its second half for the start of an escape.
    if (unit === '\\') return { text: '\\x5c', plain: false };
    // Everything but printable ASCII, and `<` so that the module can stand in an HTML page.
    return /[\x20-\x7e]/.test(unit) && unit !== '<'
      ? { text: unit, plain: true }
      : { text: escapeUnit(unit), plain: false };
  });
  return `"${joinWithoutForbidden(pieces)}"`;
}

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * A JSON value as JavaScript. Object keys are always quoted; `__proto__` is written as a computed key, so that
 * it makes an own property. Non-finite numbers are refused: no literal for them is free of globals.
 *
 * @throws RangeError for a number that is not finite; that is a bug of the caller, not of the policy.
 */
export function literal(value: Json): Code {
  return unsafe(literalText(value));
}

function literalText(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`no literal for the number ${value}`);
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (isArray(value)) return value.length === 0 ? '[]' : `[${value.map(literalText).join(',')}]`;
  const members = Object.entries(value).flatMap(([key, item]) =>
    item === undefined
      ? []
      : [`${key === '__proto__' ? `[${stringLiteral(key)}]` : stringLiteral(key)}:${literalText(item)}`],
  );
  return `{${members.join(',')}}`;
}

/** An integer as a bigint literal: `-5n`. */
export function integer(value: bigint): Code {
  return unsafe(`${value}n`);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Access to a member: `.amount` where that is safe to spell, `["…"]` with a literal otherwise. */
export function member(object: Code, key: string): Code {
  const plain = /^[A-Za-z_$][\w$]*$/.test(key) && !forbidden.test(key);
  return plain ? unsafe(`${object.toString()}.${key}`) : js`${object}[${literal(key)}]`;
}

/** An identifier of the compiler's own making, of letters alone; names with a number are `Names.fresh`. */
export function name(letters: string): Code {
  if (!/^[a-zA-Z]+$/.test(letters) || forbidden.test(letters))
    throw new RangeError(`not an emitted name: ${letters}`);
  return unsafe(letters);
}

/**
 * The allocator of the names of one module: constants at its top level and variables inside its functions alike. A
 * number is handed out once, and there is no other way to a name with a number, so none can hide another.
 */
export class Names {
  #count = 0;

  /** `fresh('rule')` is `rule7` if six names were handed out before. */
  fresh(stem: string): Code {
    this.#count += 1;
    return unsafe(`${name(stem).toString()}${this.#count}`);
  }
}

/** Of what is written as it stands, but for words and a `\\\\` in it. */
const plainRegex = /^[\x20-\x2e\x30-\x7e]+$/;

/**
 * A regular expression literal from a pattern that `compiler/patterns` has parsed and printed anew. Characters
 * outside printable ASCII, `/` and forbidden words are escaped; `flags` is a subset of `iu`.
 */
export function regexLiteral(source: string, flags: 'u' | 'iu'): Code {
  // `//` would be a comment.
  if (source === '') return regexLiteral('(?:)', flags);
  if (plainRegex.test(source) && !source.includes('\\\\') && !forbidden.test(source))
    return unsafe(`/${source}/${flags}`);
  const tokens =
    source.match(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[pP]\{[^}]*\}|[^])|[^]/gu) ?? [];
  const pieces = tokens.map((token): Piece => {
    if (token === '/') return { text: '\\/', plain: false };
    if (token === '\\\\') return { text: '\\x5c', plain: false };
    if (/^[\x20-\x7e]+$/.test(token)) return { text: token, plain: token.length === 1 };
    const code = token.codePointAt(0) ?? 0;
    return { text: code > 0xffff ? `\\u{${code.toString(16)}}` : escapeUnit(token), plain: false };
  });
  return unsafe(`/${joinWithoutForbidden(pieces)}/${flags}`);
}

/**
 * Text that esbuild has printed of this compiler's own files: trusted as the compiler itself is. esbuild leaves control
 * characters of literals as they are; outside of literals there are none but white space.
 */
export function supportSource(text: string): Code {
  return unsafe(text.replace(/[^\t\n -~]/g, escapeUnit));
}

/** Arguments without those at the end that go without saying; 0 for such as stand in front of another. */
export function inShort(all: readonly (Code | null)[]): Code {
  const last = all.findLastIndex((one) => one !== null);
  return join(
    all.slice(0, last + 1).map((one) => one ?? literal(0)),
    comma,
  );
}
