import type { PatternRefusal } from '../../ir/pattern.ts';

/** Place of a construct in the pattern as the author wrote it, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Carries a refusal from where it is found to `compilePattern`, which hands it out as data. */
export class Refused extends Error {
  readonly refusal: PatternRefusal;
  constructor(refusal: PatternRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function refuse(reason: PatternRefusal['reason'], message: string, hint: string, span: Span): Refused {
  return new Refused({ reason, message, hint, start: span.start, end: Math.max(span.end, span.start) });
}

/** One automaton exceeds its limit: another engine or direction may still do. Never leaves this folder. */
export class TooManyStates extends Error {}

/** A lookaround points where the scan has not been. Never leaves this folder. */
export class WrongDirection extends Error {
  readonly span: Span;
  constructor(span: Span) {
    super('lookaround against the direction of the scan');
    this.span = span;
  }
}
