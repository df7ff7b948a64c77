/** The emitted module: its text, and what the statement says about it. Stage: emit → sign. */
export interface EmittedModule {
  /** ES module source, printable ASCII. */
  readonly code: string;
  readonly entries: readonly string[];
  readonly defaultEntry: string | null;
}
