import type { GuardPlan } from './guard.ts';
import type { Layer } from './layer.ts';
import type { Program, ProgramEntry, ProgramRule } from './program.ts';

/** A program after the passes: same meaning, every rule asked of as few steps as can be known. */
export interface OptimizedProgram extends Program {
  readonly optimized: true;
  readonly entries: readonly OptimizedEntry[];
}

export interface OptimizedEntry extends ProgramEntry {
  readonly layer: OptimizedLayer;
}

export interface OptimizedLayer extends Layer<ProgramRule> {
  readonly base: OptimizedLayer | null;
  /** Of the rules that the layer adds. */
  readonly guard: GuardPlan;
}
