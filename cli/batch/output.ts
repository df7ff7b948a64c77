/** Where reports go. A report in a file is complete after every block, so that no interruption leaves a torn one. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { BATCH_FORMATS } from '../report/batch.ts';
import type { BatchFormatName } from '../report/batch.ts';
import type { BatchFormat, ItemOptions } from '../report/batch-format.ts';
import type { Summary } from './summary.ts';

export interface Output {
  /** Adds a block's piece of the report; `summary` counts that block in. */
  write(piece: string, summary: Summary): Promise<void>;
  finish(summary: Summary): Promise<void>;
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
      print(items.next(piece));
      return Promise.resolve();
    },
    finish(summary) {
      begin();
      print(BATCH_FORMATS[name].tail(summary, options));
      return Promise.resolve();
    },
  };
}

/** A report in a file. @throws the file system's error when the file cannot be written */
export async function fileOutput(
  name: BatchFormatName,
  options: ItemOptions,
  path: string,
  summary: Summary,
): Promise<Output> {
  const file = await open(path, 'w');
  const output = new FileOutput(file, BATCH_FORMATS[name], options);
  await output.write('', summary);
  return output;
}

class FileOutput implements Output {
  readonly #file: FileHandle;
  readonly #format: BatchFormat;
  readonly #options: ItemOptions;
  readonly #items: Items;
  /** Where the items end and the tail begins. */
  #end = 0;
  #length = 0;

  constructor(file: FileHandle, format: BatchFormat, options: ItemOptions) {
    this.#file = file;
    this.#format = format;
    this.#options = options;
    this.#items = new Items(format);
  }

  async write(piece: string, summary: Summary): Promise<void> {
    const head = this.#length === 0 ? this.#format.head(null) : '';
    const items = Buffer.from(head + this.#items.next(piece));
    const tail = Buffer.from(this.#format.tail(summary, this.#options));
    await this.#at(Buffer.concat([items, tail]), this.#end);
    this.#end += items.length;
    const length = this.#end + tail.length;
    if (length < this.#length) await this.#file.truncate(length);
    this.#length = length;
  }

  async finish(summary: Summary): Promise<void> {
    await this.write('', summary);
    await this.#at(Buffer.from(this.#format.head(summary)), 0);
    await this.#file.close();
  }

  async #at(bytes: Buffer, position: number): Promise<void> {
    // A write may take less than it is given.
    for (let done = 0; done < bytes.length;) {
      done += (await this.#file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
  }
}

/** Joins pieces, up to the limit of a report for people. */
class Items {
  readonly #format: BatchFormat;
  #any = false;
  #length = 0;

  constructor(format: BatchFormat) {
    this.#format = format;
  }

  next(piece: string): string {
    if (piece === '' || this.#length >= (this.#format.limit ?? Infinity)) return '';
    const before = this.#any ? this.#format.separator : '';
    this.#any = true;
    this.#length += piece.length;
    return before + piece;
  }
}
