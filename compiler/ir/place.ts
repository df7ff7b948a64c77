import type { Located, Span } from './source.ts';

/** The place of a part of a scalar's text; that of the whole scalar where nobody can tell. */
export function spanWithin({ value, span }: Located<string>, start: number, end: number): Span {
  const written = span.file.text.slice(span.start, span.end);
  const offsets = offsetsOf(value, written);
  if (offsets === null || value === '') return span;
  const afterOf = (unit: number): number => {
    const offset = offsets[unit] ?? 0;
    const isEscape = written.startsWith('"') && written[offset] === '\\';
    return offset + (isEscape ? escapeAt(written, offset).length : 1);
  };
  // What is missing at the end of a text has its place behind it.
  const last = value.length - 1;
  const from = start > last ? afterOf(last) : (offsets[start] ?? 0);
  const to = end > value.length || start > last ? afterOf(last) + 1 : afterOf(Math.max(end - 1, start));
  return { file: span.file, start: span.start + from, end: span.start + to };
}

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r';

/**
 * Where each UTF-16 unit of a scalar's value stands in what was written, quotes included: as it is, behind the indentation
 * of a block (YAML 1.2 §8.1), across folded lines (§6.5), as an escape (§5.7) or as a doubled quote (§7.3.2). `null` where
 * the two do not go together.
 */
export function offsetsOf(value: string, written: string): readonly number[] | null {
  const quote = written[0] === '"' || written[0] === "'" ? written[0] : '';
  const offsets: number[] = [];
  let at = quote.length;
  while (offsets.length < value.length) {
    const wanted = value[offsets.length];
    const found = written[at];
    if (found === undefined) {
      // The line end that a block ends in may stand outside of what was written.
      if (wanted !== '\n') return null;
      offsets.push(at);
    } else if (quote === '"' && found === '\\') {
      const escape = escapeAt(written, at);
      for (let unit = 0; unit < escape.units; unit += 1) offsets.push(at);
      at += escape.length;
    } else if (found === wanted) {
      offsets.push(at);
      at += quote === "'" && found === "'" ? 2 : 1;
    } else if (wanted === ' ' && (found === '\n' || found === '\r')) {
      offsets.push(at);
      at += 1;
    } else if (isSpace(found)) at += 1;
    else return null;
  }
  return offsets;
}

interface Escape {
  /** Characters it is written with. */
  readonly length: number;
  /** UTF-16 units it stands for. */
  readonly units: number;
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function escapeAt(written: string, at: number): Escape {
  const letter = written[at + 1] ?? '';
  // The escape of a line end stands for nothing.
  if (letter === '\n' || letter === '\r') return { length: 2, units: 0 };
  const digits = HEX_DIGITS[letter] ?? 0;
  const code = Number.parseInt(written.slice(at + 2, at + 2 + digits), 16);
  return { length: 2 + digits, units: code > 0xffff ? 2 : 1 };
}

const LONGEST = 80;

/** What the author wrote, on one line. */
export function showSource(span: Span): string {
  const text = span.file.text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
