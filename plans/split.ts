/** Cuts streams of plans into plans without holding more than one of them. */

/** Larger plans are findings, not memory. */
export const MAX_PLAN_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export const isBlank = (byte: number): boolean =>
  byte === 0x20 || byte === 0x09 || byte === NEWLINE || byte === 0x0d;

/** Whole lines of a JSONL file: `bytes` begins with line number `line`. */
export interface Lines {
  readonly line: number;
  readonly bytes: Buffer;
  /** Set where a line is too long; `bytes` is then empty. */
  readonly problem?: string;
}

/**
 * Regroups chunks so that each ends at the end of a line. What a chunk has of whole lines is not copied, and comes
 * once: whoever gets it may hand the chunk's memory on.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  let held: Buffer[] = [];
  let size = 0;
  let line = 1;
  let skipping = false;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (skipping || size > 0) {
      const end = bytes.indexOf(NEWLINE) + 1;
      if (!skipping) {
        const part = Buffer.from(end > 0 ? bytes.subarray(0, end) : bytes);
        held.push(part);
        size += part.length;
      }
      if (end > 0) {
        if (!skipping) yield { line, bytes: Buffer.concat(held) };
        held = [];
        size = 0;
        skipping = false;
        line += 1;
      }
      bytes = bytes.subarray(end > 0 ? end : bytes.length);
    }
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    // Copied before the lines in front of it are handed over.
    if (last < bytes.length) {
      held.push(Buffer.from(bytes.subarray(last)));
      size = bytes.length - last;
    }
    if (last > 0) {
      const whole = bytes.subarray(0, last);
      const lines = newlines(whole);
      yield { line, bytes: whole };
      line += lines;
    }
    if (size > MAX_PLAN_BYTES) {
      yield { line, bytes: Buffer.alloc(0), problem: `it is larger than ${MAX_PLAN_BYTES} bytes` };
      held = [];
      size = 0;
      skipping = true;
    }
  }
  if (size > 0) yield { line, bytes: Buffer.concat(held) };
}

function newlines(bytes: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) found += 1;
  return found;
}

/** One element of an array of plans. */
export interface Element {
  readonly index: number;
  /** On which line of the file `bytes` begin, from 1. */
  readonly firstLine: number;
  readonly bytes: Buffer;
  readonly problem?: string;
}

/**
 * The elements of one JSON array, by counting brackets outside of strings; whether an element is JSON is for its
 * reader to say. An array that ends too early, or text after it, is one more element with a problem.
 */
export async function* splitArray(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Element> {
  const element = new Gathered();
  let index = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  // As a number, for the compiler follows a boolean through the loop and takes it for known.
  let arraysEnded = 0;
  let line = 1;
  let firstLine = 1;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (arraysEnded > 0) {
        if (byte === NEWLINE) line += 1;
        if (isBlank(byte)) continue;
        yield { index, firstLine: line, bytes: NOTHING, problem: 'there is text after the end of the array' };
        return;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        depth += 1;
        if (depth === 1) {
          from = at + 1;
          firstLine = line;
        }
      } else if (depth === 1 && (byte === COMMA || byte === CLOSE_ARRAY)) {
        element.add(bytes.subarray(from, at));
        from = at + 1;
        if (byte === CLOSE_ARRAY) arraysEnded += 1;
        // `[]` has no element; `[1,]` has an empty one, which its reader refuses.
        if (arraysEnded === 0 || index > 0 || !element.isBlank())
          yield { index, firstLine, ...element.take() };
        index += 1;
        firstLine = line;
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1;
      else if (byte === NEWLINE) line += 1;
    }
    if (arraysEnded === 0) element.add(bytes.subarray(from));
  }
  if (arraysEnded === 0) yield { index, firstLine: line, bytes: NOTHING, problem: 'the array has no end' };
}

const NOTHING = Buffer.alloc(0);

/** The bytes of an element, up to the limit. */
class Gathered {
  #parts: Buffer[] = [];
  #size = 0;

  add(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size <= MAX_PLAN_BYTES) this.#parts.push(bytes);
    else this.#parts = [];
  }

  isBlank(): boolean {
    return this.#size <= MAX_PLAN_BYTES && this.#parts.every((part) => part.every(isBlank));
  }

  take(): Omit<Element, 'index' | 'firstLine'> {
    const fits = this.#size <= MAX_PLAN_BYTES;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    return fits ? { bytes } : { bytes: NOTHING, problem: `it is larger than ${MAX_PLAN_BYTES} bytes` };
  }
}
