/** Remembers compiled patterns between runs; whoever compiles brings the storage. */

/** Storage for texts by key. What it returns is trusted like the compiler's own output. */
export interface PatternCache {
  /** A short text for an input of any size: whoever compiles has the digest, and knows which Unicode version the host has. */
  keyOf(input: readonly unknown[]): string;
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** To be raised whenever the same pattern may come out differently. */
const PATTERN_COMPILER_VERSION = 1;

/**
 * What `make` makes, from the cache where it is known. The key covers everything the result depends on: the input,
 * this compiler and the Unicode version of the host, which the character sets are read from.
 */
export function cached<T>(cache: PatternCache | undefined, input: unknown, make: () => T): T {
  if (!cache) return make();
  const key = cache.keyOf([PATTERN_COMPILER_VERSION, input]);
  const known = cache.get(key);
  if (known !== undefined) return JSON.parse(known) as T;
  const made = make();
  cache.set(key, JSON.stringify(made));
  return made;
}
