import type { Capability } from '@plan-lint/runtime/contract';

/** The emitted module: its text, and what the statement says about it. Stage: emit → sign. */
export interface EmittedModule {
  /** ES module source, printable ASCII. */
  readonly code: string;
  /** Where the rules in `code` come from: a source map (ECMA-426) as JSON, made when asked for. */
  readonly sourceMap: () => string;
  readonly entries: readonly string[];
  readonly defaultEntry: string | null;
  /** What it is able to do beside deciding whole plans. */
  readonly capabilities: readonly Capability[];
}
