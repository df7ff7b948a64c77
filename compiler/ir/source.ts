/** A policy source as read: its text and where it stands. */
export interface SourceFile {
  /** Path inside the policy directory, `/`-separated. */
  readonly path: string;
  readonly text: string;
}

/** A stretch of a source, offsets in UTF-16 units, end exclusive. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A value together with the place that wrote it. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** A path written in a file as a path inside the policy directory; `null` where it leads out of it. */
export function relativePath(from: string, written: string): string | null {
  if (/^([a-zA-Z]:|[\\/])/.test(written)) return null;
  const parts = from.split('/').slice(0, -1);
  for (const part of written.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
