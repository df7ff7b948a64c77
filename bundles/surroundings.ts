/** What opening a bundle may look at beside the files that it is given: passed in, never read from the process. */
export interface Surroundings {
  /** Takes the diagnostics of policies that are compiled on the spot. */
  stderr(text: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory that relative paths are taken from. */
  readonly cwd: string;
  /** The compiler's cache: a directory, or `false` for none. */
  readonly cache?: string | false;
}
