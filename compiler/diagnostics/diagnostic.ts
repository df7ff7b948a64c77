import type { Span } from '../ir/source.ts';
import { catalog } from './catalog.ts';
import type { CatalogEntry, DiagnosticCode, DiagnosticParams, DiagnosticSeverity } from './catalog.ts';
import { fixOf } from './fix.ts';
import type { Fix } from './fix.ts';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: DiagnosticSeverity;
  /** One lower-case sentence, no full stop. */
  readonly message: string;
  readonly hint: string;
  /** `null` where no file is at fault (a missing directory, a wrong flag). */
  readonly span: Span | null;
  readonly related: readonly RelatedPlace[];
  /** What `lint --fix` may write instead, where only one thing can be meant. */
  readonly fix?: Fix;
  /** A plan that shows the point, as JSON one can feed to `plan-lint validate`. */
  readonly example?: string;
  /** What the caller vouches for beside that plan, as JSON. */
  readonly exampleContext?: string;
}

/** A plan that shows the point of a diagnostic, and what the caller vouches for besides. */
export interface Illustration {
  readonly plan: object;
  readonly context?: object;
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
    illustration?: Illustration,
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
    const fix = span && fixOf(code, params, span);
    this.#found.push({
      ...(fix && { fix }),
      code,
      severity,
      message,
      hint: entry.hint(params),
      span,
      related,
      ...(illustration && { example: JSON.stringify(illustration.plan) }),
      ...(illustration?.context && { exampleContext: JSON.stringify(illustration.context) }),
    });
  }

  hasErrors(): boolean {
    return this.#found.some((diagnostic) => diagnostic.severity === 'error');
  }

  /** Everything found so far, by file and place. */
  sorted(): readonly Diagnostic[] {
    const pathOf = ({ span }: Diagnostic): string => span?.file.path ?? '';
    return [...this.#found].sort((a, b) => {
      const [one, other] = [pathOf(a), pathOf(b)];
      if (one === other) return (a.span?.start ?? 0) - (b.span?.start ?? 0);
      return one < other ? -1 : 1;
    });
  }
}
