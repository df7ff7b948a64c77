import type { Trip } from './draft.ts';
import type { UnknownValue } from '../text/references.ts';

/** A segment of an argument path: a name, or 0 for every element of an array. */
export type Segments = readonly (string | 0)[];

/**
 * What rules of one kind have in common: the test on one value or on one text (with the rule's operand), whether it is
 * negated, what to say in front of the operand and behind it, whether the argument's value is shown, what trips the guard's
 * cell of the argument where that follows from the operand, and what it says of a text that is not wholly known. With 2 for
 * `onText` the test takes nothing: it is a condition on the whole, whose value is true, a failure with a reason, or
 * nothing to add. With 3 it takes arguments, tool and what is secret, and says path and sentence itself, or nothing
 * where it does not hold.
 */
export type Kind = readonly [
  onText: 0 | 1 | 2 | 3,
  test: (value: never, operand: never) => unknown,
  negated: 0 | 1,
  before: string,
  after?: string | undefined,
  shows?: 1 | undefined,
  trip?: Trip<never> | 0,
  foresight?: Foresight,
];

/** What a test says of a text that is not wholly known, whatever the rest turns out to be; `null`: it is open. */
export type Foresight = (
  value: UnknownValue,
  holds: (value: unknown) => boolean,
  operand: unknown,
) => boolean | null;

/**
 * A test of a rule as the report sees it: path (a name alone as text, `null`: any text), kind (by its number in
 * `kinds`, or one of its own), operand, and the operand
 * as it is shown where that is something else, and as it is sought in a text of which only parts are known.
 */
export type Reason = readonly [
  path: string | Segments | null,
  kind: Kind | number,
  operand?: unknown,
  shown?: unknown,
  sought?: unknown,
];

declare const kinds: readonly Kind[];

export const kindOf = (kind: Kind | number): Kind =>
  typeof kind === 'number' ? (kinds[kind] as Kind) : kind;
