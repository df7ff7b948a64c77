/**
 * A parsed document as a text that the cache keeps: one flat list of numbers and texts, which JSON reads several times
 * quicker than a tree with its keys and places spelled out in each of thousands of rules.
 */
import type { PolicyDocument } from './ir/document.ts';
import type { SourceFile, Span } from './ir/source.ts';

/**
 * The number that stands in the list in front of a value; from `shape` on, an object of that shape. What is no number
 * stands for itself.
 */
const TAG = { number: 0, list: 1, file: 2, span: 3, located: 4, shape: 5 } as const;

type Item = null | boolean | number | string;

/** The document as text; `null` where it holds what would not come back as it is. */
export function toRecord(document: PolicyDocument, file: SourceFile): string | null {
  const writer = new Writer(file);
  writer.write(document);
  return writer.exact ? JSON.stringify([writer.shapes, writer.items]) : null;
}

/** What `toRecord` has written, of the same file. */
export function fromRecord(text: string, file: SourceFile): PolicyDocument {
  const [shapes, items] = JSON.parse(text) as [readonly (readonly string[])[], readonly Item[]];
  return new RecordReader(shapes, items, file).read() as PolicyDocument;
}

class Writer {
  exact = true;
  readonly items: Item[] = [];
  readonly shapes: (readonly string[])[] = [];
  readonly #shapeOf = new Map<string, number>();
  readonly #file: SourceFile;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  write(value: unknown): void {
    if (Array.isArray(value)) {
      this.items.push(TAG.list, value.length);
      for (const item of value) this.write(item);
    } else if (typeof value === 'object' && value !== null) this.#object(value);
    else if (!isItem(value)) this.exact = false;
    else if (typeof value === 'number') this.items.push(TAG.number, value);
    else this.items.push(value);
  }

  #object(value: object): void {
    if (value === this.#file) this.items.push(TAG.file);
    else if (this.#isSpan(value)) this.items.push(TAG.span, value.start, value.end);
    else {
      const keys = Object.keys(value);
      const members = value as Readonly<Record<string, unknown>>;
      const { value: located, span } = members;
      if (keys.join() === 'value,span' && isItem(located) && this.#isSpan(span)) {
        this.items.push(TAG.located, located, span.start, span.end);
        return;
      }
      this.items.push(TAG.shape + this.#shape(keys));
      for (const key of keys) this.write(members[key]);
    }
  }

  #isSpan(value: unknown): value is Span {
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.keys(value).join() === 'file,start,end' &&
      (value as Span).file === this.#file
    );
  }

  #shape(keys: readonly string[]): number {
    const key = JSON.stringify(keys);
    let shape = this.#shapeOf.get(key);
    if (shape === undefined) {
      shape = this.shapes.push(keys) - 1;
      this.#shapeOf.set(key, shape);
      // Set by assignment when it is read, it would not be a key.
      if (keys.includes('__proto__')) this.exact = false;
    }
    return shape;
  }
}

/** JSON has no minus zero, and nothing that is not finite. */
function isItem(value: unknown): value is Item {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return value === null || typeof value === 'boolean' || typeof value === 'string';
}

class RecordReader {
  readonly #shapes: readonly (readonly string[])[];
  readonly #items: readonly Item[];
  readonly #file: SourceFile;
  #next = 0;

  constructor(shapes: readonly (readonly string[])[], items: readonly Item[], file: SourceFile) {
    this.#shapes = shapes;
    this.#items = items;
    this.#file = file;
  }

  read(): unknown {
    const tag = this.#item();
    if (typeof tag !== 'number') return tag;
    switch (tag) {
      case TAG.number:
        return this.#item();
      case TAG.list: {
        const list: unknown[] = [];
        for (let left = this.#number(); left > 0; left -= 1) list.push(this.read());
        return list;
      }
      case TAG.file:
        return this.#file;
      case TAG.span:
        return { file: this.#file, start: this.#number(), end: this.#number() };
      case TAG.located:
        return {
          value: this.#item(),
          span: { file: this.#file, start: this.#number(), end: this.#number() },
        };
      default: {
        const object: Record<string, unknown> = {};
        for (const key of this.#shapes[tag - TAG.shape] ?? []) object[key] = this.read();
        return object;
      }
    }
  }

  #item(): Item {
    const item = this.#items[this.#next];
    this.#next += 1;
    return item ?? null;
  }

  #number(): number {
    return this.#item() as number;
  }
}
