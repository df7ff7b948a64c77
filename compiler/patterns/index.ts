/**
 * Text patterns in linear time: compiles them, and answers questions about them.
 *
 * A pattern goes through `parse` (text → tree), `trim` (what a search cannot observe) and `choose` (engine), where
 * automata are made by `program` → `automaton` → `subset` → `minimise` → `table`, or `bits`.
 */
export type { PatternCache } from './engines/cache.ts';
export { compilePattern, type PatternOptions } from './engines/compile.ts';
export { extentOf, type Extent } from './questions/extent.ts';
export { foldText } from './syntax/folding.ts';
export { canMatchOnly, includesLanguage, type Inclusion, type PatternText } from './questions/inclusion.ts';
export { DEFAULT_LIMITS, type PatternLimits, type TableLimits } from './syntax/limits.ts';
export { looksOf } from './questions/looks.ts';
export { literalsOf } from './questions/required.ts';
export { staysOnLine } from './questions/lines.ts';
export { matchesText } from './questions/search.ts';
export { sampleOf, testerOf } from './questions/sample.ts';
export {
  compileSet,
  type GroupLimits,
  type PatternGroup,
  type PatternSet,
  type SetOptions,
} from './engines/sets.ts';
export { slipsOf, type Slip, type SlipKind } from './questions/slips.ts';
