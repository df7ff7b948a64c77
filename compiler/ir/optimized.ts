import type { Program } from './program.ts';

/** A program after the passes: same meaning, `tools` of every rule as narrow as can be known. */
export interface OptimizedProgram extends Program {
  readonly optimized: true;
}
