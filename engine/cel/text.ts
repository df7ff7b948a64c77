import { BAD_ARGUMENT, type CelFailure } from './value.ts';

declare const fromCodePoint: (code: number) => string;

const surrogate = /[\ud800-\udfff]/;
const loneSurrogate = /\p{Surrogate}/u;

/** Characters (code points) of a string; a surrogate without its other half counts as one. */
export function characters(text: string): readonly string[] {
  return [...text];
}

export function countCharacters(text: string): number {
  return surrogate.test(text) ? characters(text).length : text.length;
}

/** Characters from `start` to `end` of a string. */
export function sliceCharacters(text: string, start: number, end: number): string {
  return surrogate.test(text) ? characters(text).slice(start, end).join('') : text.slice(start, end);
}

/** UTF-8 octets; a failure for a surrogate without its other half. */
export function encodeUtf8(text: string): number[] | CelFailure {
  if (loneSurrogate.test(text)) return BAD_ARGUMENT;
  const octets: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) octets.push(code);
    else if (code < 0x800) octets.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) octets.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else octets.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return octets;
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f);
}

/** How many octets a character takes whose first one this is; 0 where none begins so. */
function octetsFrom(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** The smallest code point that takes so many octets: shorter forms are the only valid ones. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

/** Text from UTF-8; a failure for octets that are not valid UTF-8. */
export function decodeUtf8(octets: readonly number[]): string | CelFailure {
  let text = '';
  for (let at = 0; at < octets.length;) {
    const first = octets[at] ?? 0;
    const length = octetsFrom(first);
    if (length === 0) return BAD_ARGUMENT;
    let code = length === 1 ? first : first & (0x7f >> length);
    for (let i = 1; i < length; i++) {
      const next = octets[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) return BAD_ARGUMENT;
      code = (code << 6) | (next & 0x3f);
    }
    if (code < (SMALLEST[length] ?? 0) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      return BAD_ARGUMENT;
    text += fromCodePoint(code);
    at += length;
  }
  return text;
}
