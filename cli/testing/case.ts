/** A test of policies: a plan, who asks and when, and what is to be decided. */
import type { Status } from '@plan-lint/runtime';

export interface ExpectedViolation {
  readonly rule: string;
  /** Id of the step; any step where this and the index are absent. */
  readonly step?: string;
  /** 0-based. */
  readonly stepIndex?: number;
}

export interface Expectation {
  readonly status?: Status;
  /** Each must be there; the empty list means that nothing may fire. */
  readonly violations?: readonly ExpectedViolation[];
  /** Rules that may not fire. */
  readonly not: readonly string[];
  /** No violation may be there that `violations` does not list. */
  readonly exact: boolean;
}

export interface TestCase {
  /** Name of the test, and of the row where it is a table. */
  readonly name: string;
  /** `file:line:column` of the test. */
  readonly place: string;
  readonly entry: string | undefined;
  readonly plan: unknown;
  readonly context: unknown;
  /** Milliseconds since the epoch; `undefined`: when the tests run. */
  readonly now: number | undefined;
  /** `later`: what waits for a value is no violation. */
  readonly values: 'now' | 'later';
  readonly expect: Expectation;
}
