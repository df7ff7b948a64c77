/** A decision as it stands on the wire and in files: the runtime's own data, and what only a batch knows of it. */
import type { DecisionData, ViolationData } from '@plan-lint/runtime';

/** A violation, with its place in the file of the plan. */
export interface ViolationObject extends ViolationData {
  /** Line of the step in the plan's file, from 1, where it is known. */
  readonly line?: number;
}

export interface DecisionObject extends Omit<DecisionData, 'violations' | 'bundle'> {
  readonly violations: readonly ViolationObject[];
  /** Which bundle decided; `null` where none was asked. */
  readonly bundle: DecisionData['bundle'] | null;
}
