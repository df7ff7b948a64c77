/** What an entry of the catalog of diagnostics is made of. */
export type DiagnosticSeverity = 'error' | 'warning';

export interface CatalogEntry<P> {
  readonly severity: DiagnosticSeverity;
  readonly text: (p: P) => string;
  readonly hint: (p: P) => string;
}

export function error<P>(text: (p: P) => string, hint: (p: P) => string): CatalogEntry<P> {
  return { severity: 'error', text, hint };
}

export function warning<P>(text: (p: P) => string, hint: (p: P) => string): CatalogEntry<P> {
  return { severity: 'warning', text, hint };
}

/** `a`, `b` or `c`. */
export const oneOf = (names: readonly string[]): string => {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
};

export const didYouMean = (near: string | null, otherwise: string): string =>
  near === null ? otherwise : `did you mean \`${near}\`?`;

/** A document, by where a reader finds it: the package brings `docs/` with it. */
export const documentOf = (name: string): string => `docs/${name} of the package plan-lint`;
