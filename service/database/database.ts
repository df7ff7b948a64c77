/** As much of a database as results and sessions need, whichever it is. Placeholders are `?`. */

export type Value = string | number | null;
export type Row = Readonly<Record<string, unknown>>;
/** Runs one statement. */
export type Run = (sql: string, values?: readonly Value[]) => Promise<readonly Row[]>;

export interface Database {
  /** Others may work with it at the same time, from elsewhere. */
  readonly isServer: boolean;
  /** All of `work` or nothing of it. @throws Error of the database */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What a table of values is written as: `(?, ?), (?, ?)`. */
export const placeholders = (rows: number, columns: number): string =>
  Array.from({ length: rows }, () => `(${Array.from({ length: columns }, () => '?').join(', ')})`).join(', ');
