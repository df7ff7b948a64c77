import type { Located, Span } from './source.ts';

/**
 * The place of a part of a scalar's text, where the file holds that text as it is (no escapes, no folded lines);
 * otherwise the place of the scalar.
 */
export function spanWithin({ value, span }: Located<string>, start: number, end: number): Span {
  const written = span.file.text.slice(span.start, span.end);
  const at = written.indexOf(value);
  if (at < 0) return span;
  return { file: span.file, start: span.start + at + start, end: span.start + at + Math.max(end, start + 1) };
}
