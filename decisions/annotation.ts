/** Workflow commands of GitHub Actions: a finding becomes a note in the pull request. */

export interface AnnotationPlace {
  readonly title: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly end_line?: number;
}

/** One annotation. The order and escapes are those of `@actions/core`, so that no text can end the command. */
export function annotation(
  level: 'error' | 'warning' | 'notice',
  message: string,
  place: AnnotationPlace,
): string {
  const { title, file, line, column, end_line } = place;
  const properties = Object.entries({ title, file, line, endLine: end_line, col: column })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${escapeData(message)}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
