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
