/** What is open at a place of a YAML text, as far as a message needs to know: no parser, and never asked of what is right. */

/** A bracket, a brace or a quote. */
export interface Opener {
  readonly sign: string;
  readonly position: number;
}

const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '{': '}' };
const BLANK = /\s/;

/** Brackets, braces and the quote that are open at `end`, the outermost first. */
export function openAt(text: string, end: number): readonly Opener[] {
  return new Scanner(text, end).scan();
}

class Scanner {
  readonly #text: string;
  readonly #end: number;
  readonly #open: Opener[] = [];
  #at = 0;
  /** Whether a node may begin here: not inside a plain text, where signs are text. */
  #isStart = true;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  scan(): readonly Opener[] {
    while (this.#at < this.#end) {
      const quote = this.#step();
      if (quote) return [...this.#open, quote];
    }
    return this.#open;
  }

  /** Reads one sign, or a whole quoted text; gives back a quote that is not closed before the end. */
  #step(): Opener | null {
    const position = this.#at;
    const sign = this.#text.charAt(position);
    const next = this.#text.charAt(position + 1);
    this.#at += 1;
    if (sign === '\n') {
      if (this.#open.length === 0) this.#isStart = true;
    } else if (sign === '#' && (position === 0 || BLANK.test(this.#text.charAt(position - 1)))) {
      this.#skipLine();
    } else if (this.#isStart && (sign === '"' || sign === "'")) {
      if (!this.#skipQuoted(sign)) return { sign, position };
      this.#isStart = false;
    } else if (sign in CLOSERS && (this.#isStart || this.#open.length > 0)) {
      this.#open.push({ sign, position });
      this.#isStart = true;
    } else if (this.#open.length > 0 && (sign === ']' || sign === '}')) {
      this.#open.pop();
      this.#isStart = false;
    } else if (this.#isStart && this.#open.length === 0 && (sign === '|' || sign === '>')) {
      this.#skipBlock(position);
    } else if (sign === ',' && this.#open.length > 0) {
      this.#isStart = true;
    } else if ((sign === ':' || (sign === '-' && this.#isStart)) && (next === '' || BLANK.test(next))) {
      this.#isStart = true;
    } else if (!BLANK.test(sign)) {
      this.#isStart = false;
    }
    return null;
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#end : end;
  }

  /** Whether the quote is closed before the end. */
  #skipQuoted(quote: string): boolean {
    for (; this.#at < this.#end; this.#at += 1) {
      const sign = this.#text.charAt(this.#at);
      if (sign === '\\' && quote === '"') this.#at += 1;
      else if (sign === quote && quote === "'" && this.#text.charAt(this.#at + 1) === quote) this.#at += 1;
      else if (sign === quote) {
        this.#at += 1;
        return true;
      }
    }
    return false;
  }

  /** The lines of a block scalar: those that are indented deeper than the line of its sign. */
  #skipBlock(position: number): void {
    const indent = indentAt(this.#text, position);
    this.#skipLine();
    while (this.#at < this.#end) {
      const start = this.#at + 1;
      const line = /^[^\n]*/.exec(this.#text.slice(start))?.[0] ?? '';
      if (line.trim() !== '' && line.search(/\S/) <= indent) return;
      this.#at = start + line.length;
    }
  }
}

/** How many blanks the line of a place begins with. */
function indentAt(text: string, position: number): number {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1);
  return Math.max(0, line.search(/[^ ]/));
}
