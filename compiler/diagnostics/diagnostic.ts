import type { Span } from '../ir/source.ts';
import { catalog } from './catalog.ts';
import type { CatalogEntry, DiagnosticCode, DiagnosticParams, DiagnosticSeverity } from './catalog.ts';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: DiagnosticSeverity;
  /** One lower-case sentence, no full stop. */
  readonly message: string;
  readonly hint: string;
  /** `null` where no file is at fault (a missing directory, a wrong flag). */
  readonly span: Span | null;
  readonly related: readonly RelatedPlace[];
  /** A plan that shows the point, as JSON one can feed to `plan-lint validate`. */
  readonly example?: string;
}

export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}

/** Collects what the phases find: a phase reports everything before it stops. */
export class Diagnostics {
  readonly #found: Diagnostic[] = [];

  report<C extends DiagnosticCode>(
    code: C,
    params: DiagnosticParams<C>,
    span: Span | null,
    related: readonly RelatedPlace[] = [],
    example?: string,
  ): void {
    // The catalog's entries differ in their parameters only; `DiagnosticParams` has tied them to the code.
    const entry = catalog[code] as CatalogEntry<DiagnosticParams<C>>;
    const { severity } = entry;
    const message = entry.text(params);
    const known = this.#found.some(
      (d) =>
        d.code === code &&
        d.message === message &&
        d.span?.start === span?.start &&
        d.span?.file === span?.file,
    );
    // What several entries inherit is met several times, and said once.
    if (known) return;
    this.#found.push({
      code,
      severity,
      message,
      hint: entry.hint(params),
      span,
      related,
      ...(example !== undefined && { example }),
    });
  }

  hasErrors(): boolean {
    return this.#found.some((diagnostic) => diagnostic.severity === 'error');
  }

  /** Everything found so far, by file and place. */
  sorted(): readonly Diagnostic[] {
    const key = (d: Diagnostic): string => d.span?.file.path ?? '';
    return [...this.#found].sort((a, b) =>
      key(a) === key(b) ? (a.span?.start ?? 0) - (b.span?.start ?? 0) : key(a) < key(b) ? -1 : 1,
    );
  }
}
