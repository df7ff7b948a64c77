export { compilePattern, type PatternOptions } from './compile.ts';
export { DEFAULT_LIMITS, type PatternLimits } from './limits.ts';
