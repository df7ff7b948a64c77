import { spend } from './budget.ts';
import type { Budget } from './budget.ts';
import { BAD_ARGUMENT, bytes, CelBytes, failed, TOO_MUCH } from './value.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** `base64.encode`: RFC 4648 §4, with padding. */
export function celEncodeBytes(budget: Budget, value: unknown): unknown {
  if (!(value instanceof CelBytes)) return failed(value);
  const { octets } = value;
  if (!spend(budget, octets.length)) return TOO_MUCH;
  let text = '';
  for (let at = 0; at < octets.length; at += 3) {
    const bits = ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
    for (let i = 0; i < 4; i++) {
      text += at + i > octets.length ? '=' : ALPHABET.charAt((bits >> (18 - 6 * i)) & 63);
    }
  }
  return text;
}

/** `base64.decode`: with or without padding. */
export function celDecodeBytes(budget: Budget, value: unknown): unknown {
  if (typeof value !== 'string') return failed(value);
  if (!spend(budget, value.length)) return TOO_MUCH;
  const [, digits = '', padding = ''] = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(value) ?? [];
  if (digits.length + padding.length !== value.length || digits.length % 4 === 1) return BAD_ARGUMENT;
  if (padding !== '' && value.length % 4 !== 0) return BAD_ARGUMENT;
  const octets: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      octets.push((bits >> count) & 255);
    }
  }
  return bytes(octets);
}
