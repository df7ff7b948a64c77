/** What stops whoever opens a bundle or compiles policies, where neither a signature nor a policy's text is to blame. */

/** Policies that do not compile; their diagnostics have been written to stderr. */
export class CompileFailure extends Error {}

/** Wrong usage: a flag or a file the command cannot work with. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
