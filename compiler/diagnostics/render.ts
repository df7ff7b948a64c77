import type { Diagnostic } from './diagnostic.ts';
import { printable } from './printable.ts';
import { lineText, originOf, place } from './position.ts';
import type { Span } from '../ir/source.ts';

/** A diagnostic for a terminal: place, sentence, the line with a caret under it, related places, hint. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { code, severity, message, hint, span, related } = diagnostic;
  const head = `${span ? `${printable(place(span))}: ` : ''}${severity} ${code}: ${printable(message)}`;
  return [
    head,
    ...(span ? snippet(span) : []),
    ...related.flatMap((at) => [
      `  ${printable(place(at.span))}: ${printable(at.message)}`,
      ...snippet(at.span),
    ]),
    ...illustration(diagnostic),
    `  hint: ${printable(hint)}`,
  ].join('\n');
}

function illustration({ example, exampleContext }: Diagnostic): readonly string[] {
  if (example === undefined) return [];
  const beside = exampleContext === undefined ? '' : ` with the context ${exampleContext}`;
  return [`  for example: ${printable(example + beside)}`];
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
