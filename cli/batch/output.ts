/** Where reports go. A report in a file is complete after every block, so that no interruption leaves a torn one. */
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writevSync } from 'node:fs';
import { dirname } from 'node:path';
import { BATCH_FORMATS } from './formats.ts';
import type { BatchFormatName } from './formats.ts';
import type { BatchFormat, ItemOptions } from '../../decisions/format.ts';
import type { Summary } from '../../decisions/summary.ts';

export interface Output {
  /** Adds a block's piece of the report, UTF-8; `summary` counts that block in. */
  write(piece: Uint8Array, summary: Summary): void;
  finish(summary: Summary): void;
}

/** A report that is printed as it comes. */
export function printedOutput(
  name: BatchFormatName,
  options: ItemOptions,
  print: (text: string) => void,
): Output {
  const items = new Items(BATCH_FORMATS[name]);
  let begun = false;
  const begin = (): void => {
    if (!begun) print(BATCH_FORMATS[name].head(null));
    begun = true;
  };
  return {
    write(piece) {
      begin();
      print(items.next(piece).map(textOf).join(''));
    },
    finish(summary) {
      begin();
      print(BATCH_FORMATS[name].tail(summary, options));
    },
  };
}

/** A report in a file. @throws the file system's error when the file cannot be written */
export function fileOutput(
  name: BatchFormatName,
  options: ItemOptions,
  path: string,
  summary: Summary,
): Output {
  const output = new FileOutput(path, BATCH_FORMATS[name], options);
  output.write(NOTHING, summary);
  return output;
}

/** Writes at once: a block's piece goes into the system's memory in less time than another thread takes to hear of it. */
class FileOutput implements Output {
  readonly #path: string;
  readonly #file: number;
  readonly #format: BatchFormat;
  readonly #options: ItemOptions;
  readonly #items: Items;
  /** Where the items end and the tail begins. */
  #end = 0;
  #length = 0;

  #open = true;

  constructor(path: string, format: BatchFormat, options: ItemOptions) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'w');
    this.#format = format;
    this.#options = options;
    this.#items = new Items(format);
  }

  write(piece: Uint8Array, summary: Summary): void {
    if (this.#open) this.#guarded(() => this.#add(piece, summary));
  }

  finish(summary: Summary): void {
    if (!this.#open) return;
    this.#guarded(() => {
      this.#add(NOTHING, summary);
      this.#at([Buffer.from(this.#format.head(summary))], 0);
    });
    this.#open = false;
    closeSync(this.#file);
  }

  /** A report that cannot be written whole is taken away: a part of it could pass for all. */
  #guarded(body: () => void): void {
    try {
      body();
    } catch (error) {
      this.#open = false;
      const isFile = fstatSync(this.#file).isFile();
      closeSync(this.#file);
      if (isFile) rmSync(this.#path, { force: true });
      throw error instanceof Error ? Object.assign(error, { path: this.#path }) : error;
    }
  }

  #add(piece: Uint8Array, summary: Summary): void {
    const head = this.#length === 0 ? [Buffer.from(this.#format.head(null))] : [];
    const items = [...head, ...this.#items.next(piece)];
    const tail = Buffer.from(this.#format.tail(summary, this.#options));
    this.#at([...items, tail], this.#end);
    this.#end += bytesIn(items);
    const length = this.#end + tail.length;
    if (length < this.#length) ftruncateSync(this.#file, length);
    this.#length = length;
  }

  #at(parts: readonly Uint8Array[], position: number): void {
    let done = writevSync(this.#file, parts, position);
    const size = bytesIn(parts);
    // A write may take less than it is given.
    for (let rest; done < size; done += writevSync(this.#file, [rest], position + done))
      rest = Buffer.concat(parts).subarray(done);
  }
}

const NOTHING = new Uint8Array(0);

const bytesIn = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/** Joins pieces, up to the limit of a report for people. */
class Items {
  readonly #separator: Uint8Array;
  readonly #limit: number;
  #any = false;
  #length = 0;

  constructor({ separator, limit = Infinity }: BatchFormat) {
    this.#separator = Buffer.from(separator);
    this.#limit = limit;
  }

  next(piece: Uint8Array): readonly Uint8Array[] {
    if (piece.length === 0 || this.#length >= this.#limit) return [];
    const parts = this.#any ? [this.#separator, piece] : [piece];
    this.#any = true;
    this.#length += piece.length;
    return parts;
  }
}
