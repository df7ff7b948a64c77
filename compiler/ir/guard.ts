import type { StepRule } from './program.ts';
import type { PatternPlan } from './pattern.ts';

/**
 * Which rules are worth asking of which step, found on the one walk over the plan. A guard may name a
 * rule for nothing; a rule that it does not name does not fire. Stages: optimize → emit.
 */
export interface GuardPlan {
  /** Of tools that the policies name: what has to be said of each. */
  readonly rows: ReadonlyMap<string, RowPlan>;
  /** Rules to ask of any other tool, as far as their own `tools` admit it. */
  readonly others: readonly StepRule[];
  /** Rules whose cell, that of one argument, follows from kind and operand; they are in no row and not in `others`. */
  readonly plain: ReadonlyMap<StepRule, TripKind>;
  /** Rules of every tool that look for texts anywhere. */
  readonly texts: TextsPlan;
}

export interface TextsPlan {
  readonly rules: readonly StepRule[];
  readonly sought: readonly SoughtText[];
  /** Whether one of them may occur in the decimal text of a number. */
  readonly numbers: boolean;
}

export interface RowPlan {
  /** Rules to ask of every step of the tool. */
  readonly rules: readonly StepRule[];
  readonly cells: readonly CellPlan[];
}

/** When one argument may make one of these rules fire. */
export interface CellPlan extends Trips {
  readonly arg: string;
  readonly rules: readonly StepRule[];
}

/** Objects and arrays always trip. */
export interface Trips {
  readonly everyText: boolean;
  /** `true`, `false`, `null`. */
  readonly literals: boolean;
  readonly missing: boolean;
  /** Numbers that do not trip; `null`: every number does. */
  readonly numbers: NumberRange | null;
  /** Texts in ASCII and lower case that trip as a whole, in whatever case. */
  readonly equal: readonly string[];
  /** Texts that trip a text in which they are found. */
  readonly sought: readonly SoughtText[];
  /** Where all this follows from the operand of the test: how. */
  readonly kind?: TripKind;
}

/**
 * How trips follow from an operand: a number above, from, below or up to which numbers trip, or two between which they do
 * not; ASCII texts to be as a whole, or to hold; a native pattern to match.
 */
export type TripKind =
  | { readonly by: 'above' | 'atLeast' | 'below' | 'atMost' | 'within' | 'equal' | 'pattern' }
  | { readonly by: 'literal'; readonly where: 'start' | 'end' | 'anywhere'; readonly folds: boolean };

export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** The walk looks at a text as it is written and in its plain spelling. */
export type SoughtText =
  | {
      readonly kind: 'literal';
      readonly where: 'start' | 'end' | 'anywhere' | 'whole';
      readonly text: string;
      /** In whatever case. */
      readonly folds: boolean;
    }
  | { readonly kind: 'pattern'; readonly plan: PatternPlan };

/** A way for a rule to fire: through one argument, or through a text anywhere. */
export type Trigger =
  | { readonly by: 'argument'; readonly arg: string; readonly trips: Trips }
  | { readonly by: 'text'; readonly sought: SoughtText };
