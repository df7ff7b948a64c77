import type { Origin } from '@plan-lint/runtime/contract';
import type { SourceFile, Span } from '../ir/source.ts';

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

function startsOf(file: SourceFile): readonly number[] {
  let starts = lineStarts.get(file);
  if (!starts) {
    starts = linesOf(file.text);
    lineStarts.set(file, starts);
  }
  return starts;
}

/** Where lines begin; they end in a line feed, a carriage return, or both in this order. */
function linesOf(text: string): readonly number[] {
  const starts = [0];
  const end = text.includes('\r') ? /\r\n|\n|\r/g : null;
  if (end) while (end.exec(text)) starts.push(end.lastIndex);
  else for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Where a span begins: 1-based line and column (in UTF-16 units, as editors count). */
export function originOf(span: Span): Origin {
  const starts = startsOf(span.file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= span.start) low = middle;
    else high = middle - 1;
  }
  return { file: span.file.path, line: low + 1, column: span.start - (starts[low] ?? 0) + 1 };
}

/** The text of a 1-based line, without its end. */
export function lineText(file: SourceFile, line: number): string {
  const starts = startsOf(file);
  return file.text.slice(starts[line - 1] ?? 0, starts[line] ?? file.text.length).replace(/[\r\n]+$/, '');
}

/** `file:line:column`. */
export function place(span: Span): string {
  const { file, line, column } = originOf(span);
  return `${file}:${line}:${column}`;
}
