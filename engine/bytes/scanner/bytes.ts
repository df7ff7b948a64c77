/** Bytes of JSON, and how they are compared. */

export const QUOTE: u8 = 0x22;
export const BACKSLASH: u8 = 0x5c;
export const COMMA: u8 = 0x2c;
export const COLON: u8 = 0x3a;
export const OPEN_ARRAY: u8 = 0x5b;
export const CLOSE_ARRAY: u8 = 0x5d;
export const OPEN_OBJECT: u8 = 0x7b;
export const CLOSE_OBJECT: u8 = 0x7d;
export const MINUS: u8 = 0x2d;

/** The next byte that is no white space (RFC 8259 §2): nearly always the one that is there, so this is small enough to be inlined. */
export function pastBlanks(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : pastSomeBlanks(at);
}

function pastSomeBlanks(at: usize): usize {
  let byte = load<u8>(at);
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) {
    at += 1;
    byte = load<u8>(at);
  }
  return at;
}

/** Up to seven bytes behind each other may be read beyond an end: there is padding behind everything. */
export function isSame(one: usize, other: usize, length: u32): bool {
  let left = length;
  while (left >= 8) {
    if (load<u64>(one) != load<u64>(other)) return false;
    one += 8;
    other += 8;
    left -= 8;
  }
  if (left == 0) return true;
  const shift: u64 = 64 - ((left as u64) << 3);
  return load<u64>(one) << shift == load<u64>(other) << shift;
}

export function hashOf(at: usize, length: u32): u64 {
  let hash: u64 = 0x9e3779b97f4a7c15 ^ (length as u64);
  let left = length;
  while (left >= 8) {
    hash = mixed(hash, load<u64>(at));
    at += 8;
    left -= 8;
  }
  if (left != 0) hash = mixed(hash, load<u64>(at) << (64 - ((left as u64) << 3)));
  return hash;
}

function mixed(hash: u64, word: u64): u64 {
  const product = (hash ^ word) * 0xff51afd7ed558ccd;
  return product ^ (product >> 32);
}

/** The same of a text in whose place its small letters stand, of ASCII. */
export function hashOfSmall(at: usize, length: u32): u64 {
  let hash: u64 = 0x9e3779b97f4a7c15 ^ (length as u64);
  let left = length;
  while (left >= 8) {
    hash = mixed(hash, small(load<u64>(at)));
    at += 8;
    left -= 8;
  }
  if (left != 0) hash = mixed(hash, small(load<u64>(at) << (64 - ((left as u64) << 3))));
  return hash;
}

/** Eight bytes at once: those between `A` and `Z` get the bit that makes them small. */
function small(word: u64): u64 {
  const low = word & 0x7f7f7f7f7f7f7f7f;
  const fromA = low + 0x3f3f3f3f3f3f3f3f;
  const pastZ = low + 0x2525252525252525;
  const isAscii = ~word & 0x8080808080808080;
  return word | ((((fromA ^ pastZ) & isAscii) >> 2) & 0x2020202020202020);
}
