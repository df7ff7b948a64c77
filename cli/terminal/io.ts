import type { Surroundings } from '../../bundles/surroundings.ts';

/** What a command may touch beside files: passed in, so that tests run commands as functions. */
export interface Io extends Surroundings {
  stdout(text: string): void;
  /** All of standard input. */
  stdin(): Promise<Uint8Array>;
  /** Standard input as it comes, for commands that must not hold all of it. */
  stdinStream?(): AsyncIterable<Uint8Array>;
  /** Aborted when the user interrupts; a command that listens ends in order, others end at once. */
  readonly signal?: AbortSignal;
  /** Whether someone watches stderr on a terminal. */
  readonly terminal?: boolean;
  /** Its width now. */
  readonly columns?: number | undefined;
  /** Whether stdout takes colours (`colour.ts`). */
  readonly colour?: boolean;
}

/** Exit codes of every command. */
export const EXIT = { ok: 0, findings: 1, usage: 2, compile: 3, trust: 4, interrupted: 130 } as const;
