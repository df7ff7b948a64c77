import type { Diagnostic } from './diagnostic.ts';
import { printable } from './printable.ts';
import { lineText, originOf } from './position.ts';
import type { Span } from '../ir/source.ts';

/** Columns of a line that a frame shows. */
const WIDTH = 150;
/** What a cropped line shows before its caret. */
const BEFORE = 40;

/** A diagnostic for a terminal: place, sentence, the line with a caret under it, related places, hint. */
export const renderDiagnostic = (diagnostic: Diagnostic): string => renderFrom('', diagnostic);

/**
 * The same, for a reader who stands elsewhere.
 *
 * @param root - path from there to the policies, so that a terminal finds the file; `''` for itself
 */
export function renderFrom(root: string, diagnostic: Diagnostic): string {
  const { code, severity, message, hint, span, related } = diagnostic;
  const head = `${span ? `${shownPlace(span, root)}: ` : ''}${severity} ${code}: ${printable(message)}`;
  return [
    head,
    ...(span ? snippet(span) : []),
    ...related.flatMap((at) => [
      `  ${shownPlace(at.span, root)}: ${printable(at.message)}`,
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

function shownPlace(span: Span, root: string): string {
  const { file, line, column } = originOf(span);
  return printable(`${root === '' ? file : `${root.replace(/\/$/, '')}/${file}`}:${line}:${column}`);
}

function snippet(span: Span): readonly string[] {
  const { line, column } = originOf(span);
  // Control characters would let a policy file write to the reader's terminal.
  const whole = printable(lineText(span.file, line).replace(/\t/g, ' '));
  const { text, caret } = cropped(whole, column - 1);
  const gutter = `${line}`;
  const width = Math.max(1, Math.min(span.end - span.start, text.length - caret));
  return [
    `  ${gutter} | ${text}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(caret)}${'^'.repeat(width)}`,
  ];
}

/** The part of a line around a caret, with a mark where something is left out. */
function cropped(line: string, caret: number): { readonly text: string; readonly caret: number } {
  if (line.length <= WIDTH) return { text: line, caret };
  const start = Math.max(0, Math.min(caret - BEFORE, line.length - WIDTH));
  const end = start + WIDTH;
  const [head, tail] = [start > 0 ? '…' : '', end < line.length ? '…' : ''];
  return { text: `${head}${line.slice(start, end)}${tail}`, caret: caret - start + head.length };
}
