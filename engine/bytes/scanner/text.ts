/** Strings: where they end, what is in them, and what they say without their escapes. */
import {
  CAUSE_LIMIT,
  CAUSE_SHAPE,
  CAUSE_TEXT,
  SCRATCH,
  SCRATCH_END,
  SPELLED,
  SPELLING_OTHER,
  SPELLING_UNKNOWN,
  SPELLING_WIDE,
  SPELLINGS,
} from '../format';
import { BACKSLASH, OPEN_OBJECT, QUOTE } from './bytes';
import { leave } from './cause';
import { spellingOf } from './host';
import { maxRespelled, maxRespelledText } from './limits';

/** It is written with an escape. */
export const ESCAPED: i32 = 1;
/** There is a `{` in it. */
export const BRACED: i32 = 2;
/** There is more in it than printable ASCII and its white space. */
export const FOREIGN: i32 = 4;
/** It may be read in another way than it is written, and only the host knows how. */
export const DISGUISED: i32 = 8;
/** White space stands at an end: it may be read without. */
export const EDGED: i32 = 16;

/** The last string, without its escapes: where it begins and ends, and what is in it. */
export let textStart: usize = 0;
export let textEnd: usize = 0;
export let marks: i32 = 0;

let scratch: usize = SCRATCH;
let longest: u32 = 0;
let respelled: u32 = 0;
let respelledText: u32 = 0;

export function beginTexts(most: u32): void {
  scratch = SCRATCH;
  longest = most;
  respelled = 0;
  respelledText = 0;
}

/** Reads the string whose opening quote stands in front of `at`: the place behind its end. */
export function readString(at: usize): usize {
  const end = endOfString(at);
  if (end == 0) return 0;
  textStart = at;
  textEnd = end;
  if (marks & ESCAPED && !unescape(at, end)) return 0;
  if (((textEnd - textStart) as u32) > longest) return leave(CAUSE_LIMIT);
  if (textEnd > textStart && (load<u8>(textStart) <= 0x20 || load<u8>(textEnd - 1) <= 0x20)) marks |= EDGED;
  if (marks & (FOREIGN | DISGUISED | EDGED)) {
    respelled += 1;
    respelledText += (textEnd - textStart) as u32;
    if (respelled > maxRespelled || respelledText > maxRespelledText) return leave(CAUSE_LIMIT);
  }
  return end + 1;
}

/** Where the closing quote stands. Sixteen bytes at a time, up to the first that is more than a character. */
function endOfString(start: usize): usize {
  let at = start;
  marks = 0;
  while (at != 0) {
    const chunk = v128.load(at);
    const ends = v128.or(
      i8x16.eq(chunk, i8x16.splat(QUOTE as i8)),
      i8x16.eq(chunk, i8x16.splat(BACKSLASH as i8)),
    );
    // As signed numbers: what is not ASCII is below the space, braces and DEL are above `z`.
    const others = v128.or(i8x16.lt_s(chunk, i8x16.splat(0x20)), i8x16.gt_s(chunk, i8x16.splat(0x7a)));
    const bits = i8x16.bitmask(v128.or(ends, others));
    if (bits == 0) {
      at += 16;
      continue;
    }
    at += ctz(bits);
    const byte = load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte < 0x20) return leave(CAUSE_SHAPE);
    if (byte >= 0x80) at = pastForeign(at);
    else if (byte == BACKSLASH) {
      marks |= ESCAPED;
      at += 2;
    } else {
      if (byte == OPEN_OBJECT) marks |= BRACED;
      else if (byte == 0x7f) marks |= DISGUISED;
      at += 1;
    }
  }
  return 0;
}

/** Behind the characters that are not ASCII; 0 for what is not UTF-8 (RFC 3629 §4). */
function pastForeign(start: usize): usize {
  let at = start;
  let isTaken = true;
  marks |= FOREIGN;
  while (isTaken) {
    const lead = load<u8>(at) as u32;
    if (lead < 0x80) return at;
    const second = load<u8>(at + 1) as u32;
    const third = load<u8>(at + 2) as u32;
    const fourth = load<u8>(at + 3) as u32;
    let code: u32 = 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
      if (second >> 6 != 2) return leave(CAUSE_SHAPE);
      code = ((lead & 0x1f) << 6) | (second & 0x3f);
      at += 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      if (second >> 6 != 2 || third >> 6 != 2) return leave(CAUSE_SHAPE);
      code = ((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
      if (code < 0x800 || (code >= 0xd800 && code <= 0xdfff)) return leave(CAUSE_SHAPE);
      at += 3;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      if (second >> 6 != 2 || third >> 6 != 2 || fourth >> 6 != 2) return leave(CAUSE_SHAPE);
      code = ((lead & 7) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
      if (code < 0x10000 || code > 0x10ffff) return leave(CAUSE_SHAPE);
      at += 4;
    } else return leave(CAUSE_SHAPE);
    isTaken = takeSpelling(code);
  }
  return 0;
}

/** Notes how a code point may be spelled; each is asked about once. */
function takeSpelling(code: u32): bool {
  if (code >= (SPELLED as u32)) {
    marks |= DISGUISED;
    return true;
  }
  let spelling = load<u8>(SPELLINGS + code) as i32;
  if (spelling == SPELLING_UNKNOWN) {
    spelling = spellingOf(code);
    store<u8>(SPELLINGS + code, spelling as u8);
  }
  if (spelling == SPELLING_WIDE) return leave(CAUSE_TEXT) != 0;
  if (spelling == SPELLING_OTHER) marks |= DISGUISED;
  return true;
}

/** Writes the string without its escapes (RFC 8259 §7). */
function unescape(start: usize, end: usize): bool {
  if (scratch + (end - start) + 64 > (SCRATCH_END as usize)) return leave(CAUSE_LIMIT) != 0;
  let at = start;
  let to = scratch;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte != BACKSLASH) {
      store<u8>(to, byte);
      at += 1;
      to += 1;
      continue;
    }
    const kind = load<u8>(at + 1);
    at += 2;
    if (kind == 0x75) {
      const code = codeAt(at);
      if (code < 0) return leave(CAUSE_TEXT) != 0;
      at += code >= 0x10000 ? 10 : 4;
      to = writeCode(to, code as u32);
      if (to == 0) return false;
    } else {
      const plain = plainOf(kind);
      if (plain == 0) return leave(CAUSE_SHAPE) != 0;
      // A backspace is not seen.
      if (plain == 8) marks |= DISGUISED;
      store<u8>(to, plain);
      to += 1;
    }
  }
  // A backslash in front of the quote would have led beyond it.
  if (at != end) return leave(CAUSE_SHAPE) != 0;
  textStart = scratch;
  textEnd = to;
  store<u64>(to, 0);
  scratch = (to + 16 + 15) & ~15;
  return true;
}

function plainOf(kind: u8): u8 {
  switch (kind) {
    case 0x22:
    case 0x2f:
    case 0x5c:
      return kind;
    case 0x62:
      return 8;
    case 0x66:
      return 12;
    case 0x6e:
      return 10;
    case 0x72:
      return 13;
    case 0x74:
      return 9;
    default:
      return 0;
  }
}

/** The code point of four digits, or of two times four; -1 for half a pair, and for what are no digits. */
function codeAt(at: usize): i32 {
  const unit = unitAt(at);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit > 0xdbff || load<u16>(at + 4) != 0x755c) return -1;
  const low = unitAt(at + 6);
  if (low < 0xdc00 || low > 0xdfff) return -1;
  return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

function unitAt(at: usize): i32 {
  let unit = 0;
  for (let i: usize = 0; i < 4; i += 1) {
    const digit = digitOf(load<u8>(at + i) as i32);
    if (digit < 0) return -1;
    unit = (unit << 4) | digit;
  }
  return unit;
}

function digitOf(byte: i32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const small = byte | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
}

/** Writes a code point as UTF-8, and notes what it is. */
function writeCode(to: usize, code: u32): usize {
  if (code < 0x80) {
    if (code == OPEN_OBJECT) marks |= BRACED;
    // Controls that are no white space are not seen.
    if (code < 9 || (code > 13 && code < 0x20) || code == 0x7f) marks |= DISGUISED;
    store<u8>(to, code as u8);
    return to + 1;
  }
  marks |= FOREIGN;
  if (!takeSpelling(code)) return 0;
  if (code < 0x800) {
    store<u8>(to, (0xc0 | (code >> 6)) as u8);
    store<u8>(to + 1, (0x80 | (code & 0x3f)) as u8);
    return to + 2;
  }
  if (code < 0x10000) {
    store<u8>(to, (0xe0 | (code >> 12)) as u8);
    store<u8>(to + 1, (0x80 | ((code >> 6) & 0x3f)) as u8);
    store<u8>(to + 2, (0x80 | (code & 0x3f)) as u8);
    return to + 3;
  }
  store<u8>(to, (0xf0 | (code >> 18)) as u8);
  store<u8>(to + 1, (0x80 | ((code >> 12) & 0x3f)) as u8);
  store<u8>(to + 2, (0x80 | ((code >> 6) & 0x3f)) as u8);
  store<u8>(to + 3, (0x80 | (code & 0x3f)) as u8);
  return to + 4;
}

/** Whether an opener of a reference stands in the last string, `${` or `{{` (`references.ts`). */
export function holdsOpener(): bool {
  if (!(marks & BRACED)) return false;
  for (let at = textStart; at < textEnd; at += 1) {
    if (load<u8>(at) != OPEN_OBJECT) continue;
    if (at > textStart && load<u8>(at - 1) == 0x24) return true;
    if (at + 1 < textEnd && load<u8>(at + 1) == OPEN_OBJECT) return true;
  }
  return false;
}
