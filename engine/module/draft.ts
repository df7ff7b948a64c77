import type { TextTest } from './tables.ts';

/** A cell that is being made. */
export interface Draft {
  readonly rules: number[];
  /** Numbers from `low` to `high` do not trip, everything else does; without it, no number trips. */
  ofNumbers: boolean;
  low: number;
  high: number;
  equal: string[] | undefined;
  head: Alternatives | undefined;
  any: Alternatives | undefined;
  tests: TextTest[] | undefined;
}

/** Alternatives of one regular expression. */
export interface Alternatives {
  readonly sources: string[];
  /** Character tests that they may cost. */
  tests: number;
  /** Bit n: one of them begins with a unit that is n modulo 32. */
  heads: number;
  /** Characters of which one occurs in whatever they match; '' where none is certain. */
  readonly needs: string[];
}

export type Trip<X> = (cell: Draft, operand: X) => void;
