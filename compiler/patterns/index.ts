/**
 * Text patterns in linear time: compiles them, and answers questions about them.
 *
 * A pattern goes through `parse` (text → tree), `trim` (what a search cannot observe) and `choose` (engine), where
 * automata are made by `program` → `automaton` → `subset` → `minimise` → `table`, or `bits`.
 */
export type { PatternCache } from './cache.ts';
export { compilePattern, type PatternOptions } from './compile.ts';
export { extentOf, type Extent } from './extent.ts';
export { canMatchOnly, includesLanguage, type Inclusion, type PatternText } from './inclusion.ts';
export { DEFAULT_LIMITS, type PatternLimits, type TableLimits } from './limits.ts';
export { literalsOf } from './required.ts';
export { sampleOf, testerOf } from './sample.ts';
export { compileSet, type GroupLimits, type PatternGroup, type PatternSet, type SetOptions } from './sets.ts';
export { slipsOf, type Slip, type SlipKind } from './slips.ts';
