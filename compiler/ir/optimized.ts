import type { GuardPlan } from './guard.ts';
import type { Program, ProgramEntry } from './program.ts';

/** A program after the passes: same meaning, every rule asked of as few steps as can be known. */
export interface OptimizedProgram extends Program {
  readonly optimized: true;
  readonly entries: readonly OptimizedEntry[];
}

export interface OptimizedEntry extends ProgramEntry {
  readonly guard: GuardPlan;
}
