import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { MappingEntry, YamlNode } from '../ir/node.ts';
import type { SourceFile, Span } from '../ir/source.ts';

const MAX_DEPTH = 128;
const MAX_NODES = 1_000_000;

/** Numbers that were rounded, by the node that holds what they were rounded to: their digits. */
export type InexactNumbers = Map<YamlNode, string>;

/** The text is no JSON, and that has been reported. */
class Refused extends Error {}

/**
 * Reads one JSON text (RFC 8259) into a tree with places. Refused beside what the grammar refuses: a name that
 * is used twice in an object, integers that a double cannot hold, halves of surrogate pairs, depth. `null` after it has
 * reported why.
 *
 * @param inexact - takes the integers that a double cannot hold, with their digits, for a reader to whom some of them
 * are welcome; without it each is a flaw
 */
export function parseJson(
  file: SourceFile,
  diagnostics: Diagnostics,
  inexact?: InexactNumbers,
): YamlNode | null {
  try {
    return new JsonReader(file, diagnostics, inexact).whole();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex -- RFC 8259 §7: control characters must be escaped
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;

class JsonReader {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #diagnostics: Diagnostics;
  readonly #inexact: InexactNumbers | undefined;
  #at: number;
  #nodes = 0;
  #flawed = false;

  constructor(file: SourceFile, diagnostics: Diagnostics, inexact: InexactNumbers | undefined) {
    this.#file = file;
    this.#inexact = inexact;
    this.#text = file.text;
    this.#diagnostics = diagnostics;
    this.#at = file.text.startsWith('\ufeff') ? 1 : 0;
  }

  whole(): YamlNode | null {
    const node = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#refuse('something follows the value');
    return this.#flawed ? null : node;
  }

  #span(start: number, end = this.#at): Span {
    return { file: this.#file, start, end };
  }

  #refuse(reason: string): never {
    const start = Math.min(this.#at, Math.max(this.#text.length - 1, 0));
    this.#diagnostics.report('PL1501', { reason }, this.#span(start, start + 1));
    throw new Refused();
  }

  #flaw(...[code, params, span]: Parameters<Diagnostics['report']>): void {
    this.#diagnostics.report(code, params, span);
    this.#flawed = true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text.charAt(this.#at) || '.')) this.#at += 1;
  }

  /** The next character that is no space. */
  #peek(): string {
    this.#space();
    return this.#text.charAt(this.#at);
  }

  /** What the expression matches here, behind which reading goes on. */
  #take(expression: RegExp): string | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #value(depth: number): YamlNode {
    this.#nodes += 1;
    if (depth > MAX_DEPTH) this.#refuse(`it is nested deeper than ${MAX_DEPTH} levels`);
    if (this.#nodes > MAX_NODES) this.#refuse(`it holds more than ${MAX_NODES} values`);
    const next = this.#peek();
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    const start = this.#at;
    if (next === '"') {
      const value = this.#string();
      return { kind: 'scalar', value, span: this.#span(start) };
    }
    const word = this.#take(WORD);
    if (word !== null)
      return { kind: 'scalar', value: JSON.parse(word) as boolean | null, span: this.#span(start) };
    const digits = this.#take(NUMBER);
    if (digits === null || digits === '') this.#refuse('a value was expected');
    return this.#number(digits, start);
  }

  #number(digits: string, start: number): YamlNode {
    const value = Number(digits);
    const node = { kind: 'scalar', value, span: this.#span(start) } as const;
    if (Number.isFinite(value) && (!/^-?\d+$/.test(digits) || Number.isSafeInteger(value))) return node;
    if (this.#inexact && Number.isFinite(value)) this.#inexact.set(node, digits);
    else this.#flaw('PL1010', { text: digits }, node.span);
    return node;
  }

  #string(): string {
    const start = this.#at;
    const text = this.#take(STRING);
    if (text === null)
      this.#refuse('a string in double quotes was expected, with its escapes as JSON has them');
    const value = JSON.parse(text) as string;
    if (!value.isWellFormed()) this.#flaw('PL1009', undefined, this.#span(start));
    return value;
  }

  #array(depth: number): YamlNode {
    const start = this.#at;
    const items: YamlNode[] = [];
    this.#list(']', () => items.push(this.#value(depth + 1)));
    return { kind: 'sequence', items, span: this.#span(start) };
  }

  #object(depth: number): YamlNode {
    const start = this.#at;
    const entries: MappingEntry[] = [];
    const seen = new Map<string, Span>();
    this.#list('}', () => {
      this.#space();
      const at = this.#at;
      const key = this.#string();
      const keySpan = this.#span(at);
      const first = seen.get(key);
      if (first) {
        this.#diagnostics.report('PL1002', { key }, keySpan, [
          { message: 'first written here', span: first },
        ]);
        this.#flawed = true;
      }
      seen.set(key, keySpan);
      if (this.#peek() !== ':') this.#refuse('a colon was expected behind the name');
      this.#at += 1;
      entries.push({ key, keySpan, value: this.#value(depth + 1) });
    });
    return { kind: 'mapping', entries, span: this.#span(start) };
  }

  /** Elements with commas between them, up to the closing bracket. */
  #list(close: string, element: () => void): void {
    this.#at += 1;
    if (this.#peek() === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      element();
      const next = this.#peek();
      this.#at += 1;
      if (next === close) return;
      if (next !== ',') {
        this.#at -= 1;
        this.#refuse(`a comma or \`${close}\` was expected`);
      }
    }
  }
}
