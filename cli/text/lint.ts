/** Diagnostics of the compiler for a terminal, for programs, for code scanning and for a pull request. */
import { many, originOf, renderFrom } from '../../compiler/inspect.ts';
import type { Diagnostic, Span } from '../../compiler/inspect.ts';
import type { PatternFacts } from '../../compiler/index.ts';
import { annotation } from '../../decisions/annotation.ts';
import { patternObject, patternTable } from './patterns.ts';
import { paint } from '../terminal/paint.ts';
import { helpUri, relativeUri, sarifLog } from '../../decisions/sarif-log.ts';
import type { SarifResult } from '../../decisions/sarif-log.ts';

export interface LintReportOptions {
  /** Path from the working directory to the policy directory, for readers that start from the former. */
  readonly root: string;
  readonly colour: boolean;
  /** What `--patterns` asks for, in text and JSON. */
  readonly patterns?: readonly PatternFacts[];
}

type LintReport = (diagnostics: readonly Diagnostic[], options: LintReportOptions) => string;

/** The formats of `lint --format`. */
export const LINT_FORMATS = { text, json, sarif, github } as const satisfies Record<string, LintReport>;
export type LintFormat = keyof typeof LINT_FORMATS;

function text(diagnostics: readonly Diagnostic[], { colour, patterns, root }: LintReportOptions): string {
  const shown = diagnostics.map((each) => {
    const [head = '', ...rest] = renderFrom(root, each).split('\n');
    const tint = each.severity === 'error' ? 'red' : 'yellow';
    return `${[paint(head, tint, colour), ...rest].join('\n')}\n`;
  });
  const listed = patterns ? patternTable(patterns, root) : '';
  return `${shown.join('')}${listed}${summary(diagnostics)}\n`;
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const { errors, warnings } = counts(diagnostics);
  const fixes = diagnostics.filter((each) => each.fix).length;
  if (diagnostics.length === 0) return 'no findings';
  const tail = fixes > 0 ? `; --fix can mend ${fixes}` : '';
  return `${many(errors, 'error')}, ${many(warnings, 'warning')}${tail}`;
}

function counts(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

function json(diagnostics: readonly Diagnostic[], { root, patterns }: LintReportOptions): string {
  const value = {
    is_valid: counts(diagnostics).errors === 0,
    ...counts(diagnostics),
    diagnostics: diagnostics.map(({ code, severity, message, hint, span, related, fix }) => ({
      code,
      severity,
      message,
      hint,
      ...(span ? region(span, root) : { file: null }),
      related: related.map((at) => ({ message: at.message, ...region(at.span, root) })),
      fix: fix ? { ...region(fix.span, root), text: fix.text } : null,
    })),
    ...(patterns && { patterns: patterns.map((facts) => patternObject(facts, root)) }),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

interface Region {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
}

function region(span: Span, root: string): Region {
  const { file, line, column } = originOf(span);
  const end = originOf({ ...span, start: Math.max(span.end, span.start) });
  const path = root === '' ? file : `${root}/${file}`;
  return { file: path, line, column, end_line: end.line, end_column: end.column };
}

function github(diagnostics: readonly Diagnostic[], { root }: LintReportOptions): string {
  return diagnostics
    .map(({ code, severity, message, hint, span }) =>
      annotation(severity, `${message}\nhint: ${hint}`, { title: code, ...(span && region(span, root)) }),
    )
    .join('');
}

function sarif(diagnostics: readonly Diagnostic[], { root }: LintReportOptions): string {
  const rules = new Map(diagnostics.map(({ code }) => [code, { id: code, helpUri: helpUri(code) }]));
  const results = diagnostics.map((each): SarifResult => {
    const { code, severity, message, hint, span, related } = each;
    return {
      ruleId: code,
      level: severity,
      // One code has many hints: a rule's own help would show the last finding's to all.
      message: { text: `${message}\nhint: ${hint}` },
      locations: span ? [location(span, root)] : [],
      ...(related.length > 0 && {
        relatedLocations: related.map((at) => ({
          ...location(at.span, root),
          message: { text: at.message },
        })),
      }),
    };
  });
  return `${JSON.stringify(sarifLog([...rules.values()], results), null, 2)}\n`;
}

function location(span: Span, root: string): SarifResult['locations'][number] {
  const { file, line, column, end_line, end_column } = region(span, root);
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(file) },
      region: { startLine: line, startColumn: column, endLine: end_line, endColumn: end_column },
    },
  };
}
