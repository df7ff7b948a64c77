import { CelProblem, type Span } from './problems.ts';

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  '`': 0x60,
  '?': 0x3f,
};

const hexDigits: Readonly<Record<string, number>> = { x: 2, X: 2, u: 4, U: 8 };

/** One escape sequence: what it stands for, whether that is an octet (`\x`, octal), and where it ends. */
interface Escape {
  readonly code: number;
  readonly octet: boolean;
  readonly length: number;
}

function readEscape(text: string, at: number, span: Span): Escape {
  const letter = text[at + 1] ?? '';
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { code: simple, octet: false, length: 2 };
  const digits = hexDigits[letter];
  if (digits !== undefined) {
    const hex = text.slice(at + 2, at + 2 + digits);
    if (hex.length === digits && /^[0-9a-fA-F]+$/.test(hex)) {
      return { code: parseInt(hex, 16), octet: digits === 2, length: digits + 2 };
    }
  }
  const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1));
  if (octal) return { code: parseInt(octal[0], 8), octet: true, length: 4 };
  throw new CelProblem(
    'syntax',
    `\`\\${letter}\` is not an escape sequence`,
    span,
    'write `\\\\` for a backslash',
  );
}

/** The inside of a string literal (cel-spec, langdef.md "String and Bytes Values"). */
export function decodeString(text: string, raw: boolean, span: Span): string {
  if (raw) return text;
  let value = '';
  for (let at = 0; at < text.length;) {
    if (text[at] !== '\\') {
      value += text.charAt(at++);
      continue;
    }
    const escape = readEscape(text, at, span);
    if (escape.code > 0x10ffff || (escape.code >= 0xd800 && escape.code <= 0xdfff)) {
      throw new CelProblem('syntax', 'an escape sequence must stand for a valid code point', span);
    }
    value += String.fromCodePoint(escape.code);
    at += escape.length;
  }
  return value;
}

/** The inside of a bytes literal as octets: characters in UTF-8, `\x` and octal escapes as themselves. */
export function decodeBytes(text: string, raw: boolean, span: Span): number[] {
  const octets: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 0; at < text.length;) {
    if (text[at] !== '\\' || raw) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      octets.push(...encoder.encode(character));
      at += character.length;
      continue;
    }
    const escape = readEscape(text, at, span);
    if (/[uU]/.test(text.charAt(at + 1))) {
      throw new CelProblem(
        'syntax',
        'a bytes literal takes no `\\u` escapes',
        span,
        'write the octets as `\\x..`',
      );
    }
    octets.push(escape.code);
    at += escape.length;
  }
  return octets;
}

const INT_MAX = 2n ** 63n - 1n;
const UINT_MAX = 2n ** 64n - 1n;

/**
 * An integer literal's value in decimal. `negative`: a minus sign stands before it, which makes room for one
 * more (`-9223372036854775808`).
 */
export function decodeInteger(digits: string, unsigned: boolean, negative: boolean, span: Span): string {
  const value = BigInt(digits);
  const ofInt = negative ? INT_MAX + 1n : INT_MAX;
  const limit = unsigned ? UINT_MAX : ofInt;
  if (value > limit) {
    const kind = unsigned ? 'a uint' : 'an int';
    throw new CelProblem('syntax', `${digits} does not fit into ${kind} of 64 bits`, span);
  }
  return (negative ? -value : value).toString();
}

/** @throws CelProblem where the literal is beyond the largest double. */
export function decodeDouble(text: string, span: Span): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new CelProblem('syntax', `${text} does not fit into a double`, span);
  return value;
}
