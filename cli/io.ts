/** What a command may touch beside files: passed in, so that tests run commands as functions. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input. */
  stdin(): Promise<Uint8Array>;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory that relative paths are taken from. */
  readonly cwd: string;
}

/** Exit codes of every command. */
export const EXIT = { ok: 0, findings: 1, usage: 2, compile: 3, trust: 4 } as const;
