/**
 * SHA-256 (FIPS 180-4) that answers at once. WebCrypto's answer has to be awaited, and a session or a proof of a step must
 * not wait; what is verified on load is hashed by WebCrypto.
 */
import { toHex } from './platform.ts';

const BLOCK = 64;

/** The first 32 bits of the fractional part of a root, whose integer part is below 32 bits. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 0x1_0000_0000) >>> 0;

const primes: readonly number[] = (() => {
  const found: number[] = [];
  for (let each = 2; found.length < 64; each += 1)
    if (found.every((prime) => each % prime > 0)) found.push(each);
  return found;
})();
/**
 * §4.2.2: of the cube roots of the first 64 primes. An engine may be wrong by 2^13 units in the last place before one of these
 * words, or of those below, is another.
 */
const ROUNDS = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
/** §5.3.3: of the square roots of the first eight. */
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** §6.2.2, one block. */
function compress(state: Int32Array, schedule: Int32Array): void {
  for (let i = 16; i < 64; i += 1) {
    const early = schedule[i - 15] ?? 0;
    const late = schedule[i - 2] ?? 0;
    schedule[i] =
      (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)) +
      (schedule[i - 7] ?? 0) +
      (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)) +
      (schedule[i - 16] ?? 0);
  }
  // eslint-disable-next-line id-length -- the working variables of FIPS 180-4, by their names there
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const first =
      (h +
        (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
        ((e & f) ^ (~e & g)) +
        (ROUNDS[i] ?? 0) +
        (schedule[i] ?? 0)) |
      0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] ?? 0) + word));
}

/** §5.1.1: a one, zeros, and the length in bits, in whole blocks. */
function padded(message: Uint8Array): DataView {
  const length = message.length;
  const bytes = new Uint8Array(Math.ceil((length + 9) / BLOCK) * BLOCK);
  bytes.set(message);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(length / 0x2000_0000));
  view.setUint32(bytes.length - 4, length << 3);
  return view;
}

/** The digest of bytes, 32 of them. */
export function digestNow(message: Uint8Array): Uint8Array {
  const blocks = padded(message);
  const state = new Int32Array(START);
  const schedule = new Int32Array(64);
  for (let at = 0; at < blocks.byteLength; at += BLOCK) {
    for (let i = 0; i < 16; i += 1) schedule[i] = blocks.getInt32(at + 4 * i);
    compress(state, schedule);
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return new Uint8Array(out.buffer);
}

/** The same in lower-case hex. */
export const sha256Now = (message: Uint8Array): string => toHex(digestNow(message));
