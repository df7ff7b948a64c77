import { RUNTIME_VERSION } from '@plan-lint/runtime/contract';
import { parsePolicy } from './1-parse/index.ts';
import { Diagnostics } from './diagnostics/diagnostic.ts';
import type { PatternCache } from './patterns/index.ts';
import { fromRecord, toRecord } from './record.ts';

/** Keeps texts between runs, by key. What it gives back is taken for what was put in: it checks that itself. */
export interface CompilerCache {
  /** Digest of the parts and the text, of this build of the compiler, and of the host's Unicode version: results depend on all four. */
  keyOf(parts: readonly unknown[], text?: string): string;
  /** @param name - what the text is, a few letters for the name of a file */
  read(name: string, key: string): string | undefined;
  write(name: string, key: string, text: string): void;
}

/**
 * The parser, with a memory of files that it has parsed without a word. The key covers all that the result depends
 * on: path, text, and what every key covers.
 */
export function rememberingParser(cache: CompilerCache): typeof parsePolicy {
  return (file, diagnostics) => {
    const key = cache.keyOf([RUNTIME_VERSION, file.path], file.text);
    const known = cache.read('policy', key);
    if (known !== undefined) return fromRecord(known, file);
    const own = new Diagnostics();
    const document = parsePolicy(file, own);
    const found = own.sorted();
    if (found.length > 0) {
      // Reported where it belongs, and not kept: a diagnostic must come again.
      return parsePolicy(file, diagnostics);
    }
    const text = document && toRecord(document, file);
    if (text !== null) cache.write('policy', key, text);
    return document;
  };
}

/** Compiled patterns, all in one record: there are thousands of them, and each is small. */
export class PatternMemory implements PatternCache {
  readonly #cache: CompilerCache;
  readonly #key: string;
  readonly #known: Map<string, string>;
  #isNew = false;

  constructor(cache: CompilerCache) {
    this.#cache = cache;
    this.#key = cache.keyOf([RUNTIME_VERSION]);
    const text = cache.read('patterns', this.#key);
    this.#known = new Map(text === undefined ? [] : (JSON.parse(text) as readonly [string, string][]));
  }

  keyOf(input: readonly unknown[]): string {
    return this.#cache.keyOf(input);
  }

  get(key: string): string | undefined {
    return this.#known.get(key);
  }

  set(key: string, value: string): void {
    this.#known.set(key, value);
    this.#isNew = true;
  }

  /** Writes what is new; of too many the oldest are left out. */
  save(): void {
    if (!this.#isNew) return;
    this.#cache.write('patterns', this.#key, JSON.stringify([...this.#known].slice(-MOST_PATTERNS)));
  }
}

const MOST_PATTERNS = 20_000;
