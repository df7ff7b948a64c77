import type { ScanDirection } from '../../ir/pattern.ts';
import type { Alphabet, ClassMask } from './alphabet.ts';

/** "The next character is of these classes, or the text ends here and `edge` is true." */
export interface Guard {
  readonly mask: ClassMask;
  readonly edge: boolean;
}

export interface Edge {
  readonly mask: ClassMask;
  readonly to: number;
}

export interface State {
  /** The instruction it stands at. */
  readonly at: number;
  readonly edges: readonly Edge[];
  /** What of the next character makes a match that ends here count; an empty mask without edge is no match. */
  readonly match: Guard;
}

export interface Automaton {
  readonly alphabet: Alphabet;
  readonly direction: ScanDirection;
  readonly states: readonly State[];
  readonly start: number;
  /** The state that keeps looking for the beginning of a match, where there is exactly one; else -1. */
  readonly search: number;
}
