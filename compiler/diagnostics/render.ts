import type { Diagnostic } from './diagnostic.ts';
import { lineText, originOf, place } from './position.ts';
import type { Span } from '../ir/source.ts';

/** A diagnostic for a terminal: place, sentence, the line with a caret under it, related places, hint. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { code, severity, message, hint, span, related, example } = diagnostic;
  const head = `${span ? `${place(span)}: ` : ''}${severity} ${code}: ${message}`;
  return [
    head,
    ...(span ? snippet(span) : []),
    ...related.flatMap((at) => [`  ${place(at.span)}: ${at.message}`, ...snippet(at.span)]),
    ...(example === undefined ? [] : [`  for example: ${example}`]),
    `  hint: ${hint}`,
  ].join('\n');
}

function snippet(span: Span): readonly string[] {
  const { line, column } = originOf(span);
  // Control characters would let a policy file write to the reader's terminal.
  const text = lineText(span.file, line)
    .replace(/\t/g, ' ')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
  const gutter = `${line}`;
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  return [
    `  ${gutter} | ${text}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(column - 1)}${'^'.repeat(width)}`,
  ];
}
