export const DEFAULT_LIMITS = {
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
