/** A segment of an argument path: a name, or 0 for every element of an array. */
export type Segments = readonly (string | 0)[];

/**
 * A test of a rule as the report sees it: path (a name alone as text, `null`: any text), the test on one value or on
 * one text, whether it is negated, what to say, whether the value is shown. With 2 for `onText` the test takes
 * nothing: it is a condition on the whole, whose value is true, a failure with a reason, or nothing to add. With 3 it
 * takes arguments, tool and what is secret, and says path and sentence itself, or nothing where it does not hold.
 */
export type Reason = readonly [
  path: string | Segments | null,
  onText: 0 | 1 | 2 | 3,
  test: (value: never) => unknown,
  negated: 0 | 1,
  phrase: string,
  shows: 0 | 1,
];
