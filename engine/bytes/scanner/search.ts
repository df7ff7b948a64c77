/** Looks for all literals of a cell at once: sixteen places at a time, then each that may be one. */
import { isSame } from './bytes';

const LITERALS: usize = 64;
const LITERAL_SIZE: usize = 16;

/** Whether one of the literals of a search stands between two places. */
export function holdsOne(search: usize, start: usize, end: usize): bool {
  const lowOne = v128.load(search);
  const highOne = v128.load(search + 16);
  const lowTwo = v128.load(search + 32);
  const highTwo = v128.load(search + 48);
  const low = i8x16.splat(0x0f);
  for (let at = start; at < end; at += 16) {
    const one = v128.load(at);
    const two = v128.load(at + 1);
    const ofOne = v128.and(
      i8x16.swizzle(lowOne, v128.and(one, low)),
      i8x16.swizzle(highOne, i8x16.shr_u(one, 4)),
    );
    const ofTwo = v128.and(
      i8x16.swizzle(lowTwo, v128.and(two, low)),
      i8x16.swizzle(highTwo, i8x16.shr_u(two, 4)),
    );
    const both = v128.and(ofOne, ofTwo);
    if (v128.any_true(both) && isThere(search, at, start, end, both)) return true;
  }
  return false;
}

function isThere(search: usize, at: usize, start: usize, end: usize, both: v128): bool {
  let bits = i8x16.bitmask(i8x16.ne(both, i8x16.splat(0)));
  const first = load<u32>(search + LITERALS) as usize;
  const last = first + (load<u32>(search + LITERALS + 4) as usize) * LITERAL_SIZE;
  while (bits != 0) {
    const place = at + ctz(bits);
    bits &= bits - 1;
    for (let literal = first; literal < last; literal += LITERAL_SIZE) {
      const length = load<u32>(literal + 4);
      const from = place - (load<u32>(literal + 8) as usize);
      if (from < start || from + length > end) continue;
      const text = load<u32>(literal) as usize;
      if (load<u32>(literal + 12) != 0 ? isSameFolded(from, text, length) : isSame(from, text, length))
        return true;
    }
  }
  return false;
}

/** Whether a text is a literal in small letters, in whatever case. */
function isSameFolded(at: usize, literal: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i += 1) {
    let byte = load<u8>(at + i);
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte != load<u8>(literal + i)) return false;
  }
  return true;
}
