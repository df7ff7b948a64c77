import type { Cause } from './cause.ts';
import type { Trip } from './draft.ts';
import type { Question } from './question.ts';
import type { UnknownValue } from '../text/references.ts';

/** A segment of an argument path: a name, or 0 for every element of an array. */
export type Segments = readonly (string | 0)[];

/** What rules of one kind have in common, as the module writes it down; `openKind` says what stands where. */
export type PackedKind = readonly [
  onText: 0 | 1,
  test: (value: never, operand: never) => unknown,
  negated: 0 | 1,
  before: string,
  after?: string | undefined,
  shows?: 1 | undefined,
  trip?: Trip<never> | 0,
  foresight?: Foresight,
];

/** What rules of one kind have in common. */
export interface Kind {
  /** Whether it asks the texts at or below the value, each on its own. */
  readonly onText: boolean;
  /** The test on one value or on one text, with the rule's operand. */
  readonly test: (value: unknown, operand: unknown) => boolean;
  readonly negated: boolean;
  /** What to say in front of the operand, and behind it where it is said. */
  readonly before: string;
  readonly after: string | undefined;
  /** Whether the argument's value is shown. */
  readonly shows: boolean;
  /** What trips the guard's cell of the argument, where that follows from the operand. */
  readonly trip: Trip<unknown> | 0;
  /** What it says of a text that is not wholly known; without it, that of any text. */
  readonly foresight: Foresight | undefined;
}

/** The kinds of a module, once it is loaded. */
export const openKinds = (packed: readonly PackedKind[]): readonly Kind[] => packed.map(openKind);

function openKind([onText, test, negated, before, after, shows, trip, foresight]: PackedKind): Kind {
  return {
    onText: onText === 1,
    test: test as Kind['test'],
    negated: negated === 1,
    before,
    after,
    shows: shows === 1,
    trip: trip as Kind['trip'],
    foresight,
  };
}

/** What a test says of a text that is not wholly known, whatever the rest turns out to be; `null`: it is open. */
export type Foresight = (
  value: UnknownValue,
  holds: (value: unknown) => boolean,
  operand: unknown,
) => boolean | null;

/**
 * One test of an argument: path (a name alone as text, `null`: any text), kind (by its number in `kinds`), operand, and the
 * operand as it is shown where that is something else, and as it is sought in a text of which only parts are known.
 */
export type TestReason = readonly [
  path: string | Segments | null,
  kind: number,
  operand?: unknown,
  shown?: unknown,
  sought?: unknown,
];

/**
 * A condition that is no test of an argument, and what a message says of it. It comes to true, to a failure with a reason, to
 * nothing where there is nothing to add, or to `false` where it does not hold.
 */
export type ConditionReason = readonly [asks: (question: Question) => unknown, says: string];

/** What says itself why it fires, if it does. */
export type SchemaReason = readonly [
  0,
  explains: (question: Question, secret: (text: string) => boolean) => Cause | null,
];

/** Why a rule may fire, as the report sees it. */
export type Reason = TestReason | ConditionReason | SchemaReason;

export const isCondition = (reason: Reason): reason is ConditionReason => typeof reason[0] === 'function';
export const isSchema = (reason: Reason): reason is SchemaReason => reason[0] === 0;
