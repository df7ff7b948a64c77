import type { Diagnostic } from './diagnostic.ts';
import { printable } from './printable.ts';
import { lineText, originOf, place } from './position.ts';
import type { Span } from '../ir/source.ts';

/** A diagnostic for a terminal: place, sentence, the line with a caret under it, related places, hint. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { code, severity, message, hint, span, related, example } = diagnostic;
  const head = `${span ? `${printable(place(span))}: ` : ''}${severity} ${code}: ${printable(message)}`;
  return [
    head,
    ...(span ? snippet(span) : []),
    ...related.flatMap((at) => [
      `  ${printable(place(at.span))}: ${printable(at.message)}`,
      ...snippet(at.span),
    ]),
    ...(example === undefined ? [] : [`  for example: ${printable(example)}`]),
    `  hint: ${printable(hint)}`,
  ].join('\n');
}

function snippet(span: Span): readonly string[] {
  const { line, column } = originOf(span);
  // Control characters would let a policy file write to the reader's terminal.
  const text = printable(lineText(span.file, line).replace(/\t/g, ' '));
  const gutter = `${line}`;
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  return [
    `  ${gutter} | ${text}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(column - 1)}${'^'.repeat(width)}`,
  ];
}
