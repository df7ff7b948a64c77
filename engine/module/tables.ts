/** What an emitted module says of itself to the code that decides; the emitter writes these tables down. */
import type { Cause } from './cause.ts';
import type { Question } from './question.ts';
import type { EntryFacts, ModuleFacts } from '@plan-lint/runtime/contract';

/** A test of one text; pure, linear in the text. */
export interface TextTest {
  (text: string): boolean;
  /** The expression that it tests, where it is nothing else. */
  readonly pattern?: RegExp;
}

/** Whether an expression matches, as a test that says which one. */
export function testOf(pattern: RegExp): TextTest {
  const test: { (text: string): boolean; pattern?: RegExp } = (text) => pattern.test(text);
  test.pattern = pattern;
  return test;
}

/** What an argument may be for its cell to trip, beside the texts and numbers that the cell itself names. */
export const TRIPS = { everyText: 1, literals: 2, missing: 4, everyNumber: 8, noNumber: 16 } as const;

/**
 * One argument of one tool: when it may make a rule fire. A cell may trip for nothing, never the other way round:
 * while it does not trip, none of its rules fires because of this argument.
 */
export type GuardCell = readonly [
  arg: string,
  /** Rules to ask when it trips, by index. */
  rules: readonly number[],
  /** Sum of `TRIPS`: every text, `true` / `false` / `null`, its absence, every number, no number. Objects always trip. */
  trips: number,
  /** Where neither every number trips nor none: those from `low` to `high` do not. */
  low: number,
  high: number,
  /** Texts in ASCII and lower case that trip as a whole, in whatever case. */
  equal?: readonly string[],
  /** Trips where it matches from the start; looked at where bit (first unit modulo 32) of `heads` is set. */
  heads?: number,
  head?: RegExp | 0,
  /** Trips where it matches anywhere. */
  any?: RegExp | 0,
  /** One or two characters; without either, `any` does not match. */
  needs?: string,
  /** Further tests of a text. */
  tests?: readonly TextTest[],
];

/** What there is to ask of the steps that call one tool. */
export interface GuardRow {
  /** Rules to ask of every such step. */
  readonly rules: readonly number[];
  readonly cells: readonly GuardCell[];
}

/** Rules that look at every text anywhere in the arguments of any tool: which texts may make one fire. */
export interface GuardTexts {
  readonly rules: readonly number[];
  readonly any: RegExp | null;
  readonly tests: readonly TextTest[];
  /** Whether the decimal text of a number may do so too. */
  readonly numbers: boolean;
}

/** The tables by which the one walk over a plan finds the rules worth asking: most plans have none. */
export interface Guard {
  /** The row of a tool, named by the policies or not. */
  readonly row: (tool: string) => GuardRow;
  readonly texts: GuardTexts;
}

/** One entry's predicates. They never throw on a plan that has been found well-formed. */
export interface Entry extends EntryFacts {
  readonly guard: Guard;
  /**
   * Asks the rules of the candidates of a question, whatever entry they are of, and, where the question asks so, those rules
   * of this entry that look at the plan as a whole; notes what fired. Where `count` is then above `fired.length`: ask again
   * with room for that many.
   */
  readonly check: (question: Question) => void;
  /** Says why `rule` fired on `step`, for a pair that `check` noted. */
  readonly explain: (rule: number, step: number, question: Question) => Cause;
}

export interface Tables extends ModuleFacts {
  readonly entries: readonly Entry[];
  readonly severities: readonly string[];
  readonly enforcements: readonly string[];
  /** Whether a text matches a token that no plan may hold; such a text is never shown. */
  readonly secret: TextTest;
  /** What a text may be read like beside what is written (`text/plain.ts`). Guards look at all of it. */
  readonly readings: (text: string) => readonly string[];
  /** Tools with the arguments that are meant as they stand, in which nothing is a reference. */
  readonly templates: ReadonlyMap<string, readonly string[]>;
  /** Rules that do not count what is not known against a plan that is decided now, by index. */
  readonly relaxed: readonly number[];
  /** Rules about the number of steps, with the most that there may be. */
  readonly stepLimits: readonly (readonly [rule: number, limit: number])[];
}
