/**
 * Whether a member stands twice in a JSON text: a value has as many members as its text, unless one is there again.
 * Counting the text exactly needs a look at every byte, so a bound that is nearly always reached comes first.
 */
import { isBlank } from './split.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** One bit in each byte of a word, and all bits but the highest. */
const ONES = 0x01010101;
const LOW_BITS = 0x7f7f7f7f;
const COLONS = COLON * ONES;
/** Words after which a count of one byte each could overflow. */
const MOST_WORDS = 255;

/** A text in bytes, some plans long. */
export class Bytes {
  readonly all: Uint8Array;
  readonly #words: Int32Array;
  /** Bytes of the first word that are not ours. */
  readonly #before: number;

  constructor(all: Uint8Array) {
    this.all = all;
    this.#before = all.byteOffset & 3;
    const from = all.byteOffset - this.#before;
    this.#words = new Int32Array(all.buffer, from, (all.buffer.byteLength - from) >> 2);
  }

  /** Colons between two places: at least as many as there are members. Four bytes at a time. */
  colons(from: number, to: number): number {
    const words = this.#words;
    const before = this.#before;
    const last = (to + before) >> 2;
    let at = (from + before + 3) >> 2;
    if (at >= last) return this.#colonsOneByOne(from, to);
    let found = this.#colonsOneByOne(from, at * 4 - before);
    while (at < last) {
      const end = Math.min(last, at + MOST_WORDS);
      // How many of the first bytes of these words are colons, of the second ones, and so on.
      let sums = 0;
      for (; at < end; at += 1) {
        const word = (words[at] ?? 0) ^ COLONS;
        // A byte that is zero now keeps its highest bit clear through this: no carry leaves a byte.
        const others = ((word & LOW_BITS) + LOW_BITS) | word;
        sums = (sums + ((~others >>> 7) & ONES)) | 0;
      }
      found += (sums & 255) + ((sums >>> 8) & 255) + ((sums >>> 16) & 255) + (sums >>> 24);
    }
    return found + this.#colonsOneByOne(last * 4 - before, to);
  }

  #colonsOneByOne(from: number, to: number): number {
    let found = 0;
    for (let at = from; at < to; at += 1) if (this.all[at] === COLON) found += 1;
    return found;
  }

  /** Members written between two places, of a text that is JSON: outside of strings, a colon follows names only. */
  members(from: number, to: number): number {
    const bytes = this.all;
    let members = 0;
    for (let at = from; at < to; at += 1) {
      if (bytes[at] !== QUOTE) continue;
      for (at += 1; at < to; at += 1) {
        const byte = bytes[at];
        if (byte === QUOTE) break;
        if (byte === BACKSLASH) at += 1;
      }
      while (isBlank(bytes[at + 1] ?? 0)) at += 1;
      if (at + 1 < to && bytes[at + 1] === COLON) members += 1;
    }
    return members;
  }
}

/** Members of a value that `JSON.parse` made, and of all that is in it; NaN where it nests deeper than `depth`. */
export function membersOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === 0) return NaN;
  let members = 0;
  // Texts and numbers are passed over here: most of a plan is not worth a call.
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    for (let i = 0; i < items.length; i += 1) {
      const item = items[i];
      if (typeof item === 'object' && item !== null) members += membersOf(item, depth - 1);
    }
    return members;
  }
  const object = value as Readonly<Record<string, unknown>>;
  // What JSON.parse makes inherits nothing that could be listed, and this way no array of names is made.
  for (const key in object) {
    members += 1;
    const member = object[key];
    if (typeof member === 'object' && member !== null) members += membersOf(member, depth - 1);
  }
  return members;
}
