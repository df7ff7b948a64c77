import { catalog } from './catalog.js';
/** Collects what the phases find: a phase reports everything before it stops. */
export class Diagnostics {
  #found = [];
  report(code, params, span, related = [], example) {
    // The catalog's entries differ in their parameters only; `DiagnosticParams` has tied them to the code.
    const entry = catalog[code];
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
  hasErrors() {
    return this.#found.some((diagnostic) => diagnostic.severity === 'error');
  }
  /** Everything found so far, by file and place. */
  sorted() {
    const key = (d) => d.span?.file.path ?? '';
    return [...this.#found].sort((a, b) =>
      key(a) === key(b) ? (a.span?.start ?? 0) - (b.span?.start ?? 0) : key(a) < key(b) ? -1 : 1,
    );
  }
}
