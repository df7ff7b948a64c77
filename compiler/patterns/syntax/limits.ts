/** How much each engine may cost, and how much the search for a cheaper one. */
export interface TableLimits {
  /** States of the minimal automaton. */
  readonly states: number;
  /** States met on the way there. */
  readonly raw: number;
  /** States of the nondeterministic automaton up to which covered threads are looked for, in quadratic time. */
  readonly threads: number;
}

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
  /** A table that is preferred to the bit-parallel engine. */
  readonly smallTable: TableLimits;
  /** Word operations of the bit-parallel engine, per character of text. */
  readonly wordOperations: number;
  /** A table that is preferred to refusing the pattern. */
  readonly largeTable: TableLimits;
}

export const DEFAULT_LIMITS: PatternLimits = {
  instructions: 20_000,
  automaton: 6_000,
  includes: 20,
  words: 20_000,
  nativeWays: 16,
  nativeTests: 128,
  smallTable: { states: 256, raw: 1_024, threads: 300 },
  wordOperations: 120,
  largeTable: { states: 4_096, raw: 4_096, threads: 1_200 },
};
