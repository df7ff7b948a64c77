/** How much an engine may cost. The defaults are measured; see the notes on each. */
export interface PatternLimits {
  /** Instructions of a pattern with its repetitions written out. */
  readonly instructions: number;
  /** States of a nondeterministic automaton. */
  readonly automaton: number;
  /** Plain texts looked for one after the other; above, Aho-Corasick is faster. */
  readonly includes: number;
  /** Plain texts in one Aho-Corasick table. */
  readonly words: number;
  /** Ways a backtracking engine may try what follows, per start position. */
  readonly nativeWays: number;
  /** Character tests of a backtracking engine, per character of text. */
  readonly nativeTests: number;
  /** States of a table that is preferred to the bit-parallel engine. */
  readonly smallTable: number;
  /** States a small table may have before it is minimised. */
  readonly smallTableRaw: number;
  /** Word operations of the bit-parallel engine, per character of text. */
  readonly wordOperations: number;
  /** States of a table that is preferred to refusing the pattern. */
  readonly largeTable: number;
}

export const DEFAULT_LIMITS: PatternLimits = {
  instructions: 20_000,
  automaton: 6_000,
  includes: 20,
  words: 20_000,
  nativeWays: 16,
  nativeTests: 128,
  smallTable: 256,
  smallTableRaw: 1_024,
  wordOperations: 100,
  largeTable: 4_096,
};
