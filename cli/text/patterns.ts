/** The patterns of policies and what they cost, for `lint --patterns`. */
import type { PatternFacts } from '../../compiler/index.ts';
import { originOf, printable } from '../../compiler/inspect.ts';

const HEADS = ['engine', 'states', 'bytes', 'worst case', 'place', 'pattern'] as const;
const WIDEST_PATTERN = 60;

/** A table, one pattern a line; the worst case is work per character of text. */
export function patternTable(patterns: readonly PatternFacts[], root: string): string {
  if (patterns.length === 0) return 'no patterns\n';
  const rows = patterns.map(({ engine, states, bytes, worstCase, span, source }) => {
    const { file, line } = originOf(span);
    const place = printable(`${below(root, file)}:${line}`);
    return [engine, String(states), String(bytes), String(worstCase), place, shortened(printable(source))];
  });
  const widths = HEADS.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i > 0 && i < 4 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ');
  return `${[HEADS, ...rows].map((row) => line(row).trimEnd()).join('\n')}\n`;
}

/** One pattern as JSON. */
export function patternObject(facts: PatternFacts, root: string): object {
  const { rule, span, source, ignoreCase, engine, states, bytes, worstCase } = facts;
  const { file, line, column } = originOf(span);
  const place = { file: below(root, file), line, column };
  return { rule, ...place, source, ignore_case: ignoreCase, engine, states, bytes, worst_case: worstCase };
}

const below = (root: string, file: string): string => (root === '' ? file : `${root}/${file}`);

const shortened = (text: string): string =>
  text.length > WIDEST_PATTERN ? `${text.slice(0, WIDEST_PATTERN - 1)}…` : text;
