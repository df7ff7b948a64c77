/**
 * How several histories of one thing meet. Each file that writes a value makes a version of it. Where files meet, the
 * versions count that nobody has known and gone on from: a version is out of date when the writer of another one
 * inherits from its own writer. What is left is joined by law, all of it at once. So neither the order of parents nor
 * the way on which they are reached can matter.
 */

/** A file as far as versions ask: its place in the hierarchy. */
export interface Writer {
  readonly path: string;
  /** Every file that this one inherits from, near or far. */
  readonly above: ReadonlySet<Writer>;
}

/** What one file made of a thing. */
export interface Version<T> {
  readonly value: T;
  readonly writer: Writer;
}

/** The versions that none of the others has gone on from, by the path of their file. */
export function newest<T>(versions: readonly Version<T>[]): readonly Version<T>[] {
  const byWriter = new Map(versions.map((version) => [version.writer, version]));
  const distinct = [...byWriter.values()];
  return distinct
    .filter(({ writer }) => !distinct.some((other) => other.writer.above.has(writer)))
    .sort((a, b) => (a.writer.path < b.writer.path ? -1 : 1));
}
