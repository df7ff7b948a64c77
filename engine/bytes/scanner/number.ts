/** Numbers (RFC 8259 §6). */
import { CAUSE_NUMBER, CAUSE_SHAPE } from '../format';
import { MINUS } from './bytes';
import { leave } from './cause';
import { numberAt } from './host';

/** The last number. */
export let value: f64 = 0;

/** So many digits are an exact double, and so is their quotient by a power of ten up to 10^22, rounded once (Clinger 1990). */
const MOST_DIGITS = 15;

const POWERS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]);

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Reads a number: the place behind it. */
export function readNumber(start: usize): usize {
  let at = start;
  let byte = load<u8>(at);
  const isNegative = byte == MINUS;
  if (isNegative) {
    at += 1;
    byte = load<u8>(at);
  }
  if (!isDigit(byte)) return leave(CAUSE_SHAPE);
  let digits: u64 = 0;
  let count = 0;
  let places = 0;
  let isWhole = true;
  if (byte == 0x30) {
    at += 1;
    byte = load<u8>(at);
    if (isDigit(byte)) return leave(CAUSE_SHAPE);
    count = 1;
  } else
    while (isDigit(byte)) {
      digits = digits * 10 + (byte - 0x30);
      count += 1;
      at += 1;
      byte = load<u8>(at);
    }
  if (byte == 0x2e) {
    isWhole = false;
    at += 1;
    byte = load<u8>(at);
    if (!isDigit(byte)) return leave(CAUSE_SHAPE);
    while (isDigit(byte)) {
      digits = digits * 10 + (byte - 0x30);
      count += 1;
      places += 1;
      at += 1;
      byte = load<u8>(at);
    }
  }
  const hasExponent = (byte | 0x20) == 0x65;
  if (hasExponent) {
    isWhole = false;
    at += 1;
    byte = load<u8>(at);
    if (byte == 0x2b || byte == MINUS) {
      at += 1;
      byte = load<u8>(at);
    }
    if (!isDigit(byte)) return leave(CAUSE_SHAPE);
    while (isDigit(byte)) {
      at += 1;
      byte = load<u8>(at);
    }
  }
  if (count <= MOST_DIGITS && !hasExponent) {
    value = digits as f64;
    if (places != 0) value /= load<f64>(POWERS + ((places as usize) << 3));
    if (isNegative) value = -value;
    return at;
  }
  // A whole number may be one that no double holds.
  if (isWhole) return leave(CAUSE_NUMBER);
  value = numberAt(start, (at - start) as u32);
  return value - value == 0 ? at : leave(CAUSE_NUMBER);
}
