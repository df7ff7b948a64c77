/** Carries a refusal from where it is found to `compilePattern`, which hands it out as data. */
export class Refused extends Error {
  refusal;
  constructor(refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
export function refuse(reason, message, hint, span) {
  return new Refused({ reason, message, hint, start: span.start, end: Math.max(span.end, span.start) });
}
/** One automaton exceeds its limit: another engine or direction may still do. Never leaves this folder. */
export class TooManyStates extends Error {}
/** A lookaround points where the scan has not been. Never leaves this folder. */
export class WrongDirection extends Error {
  span;
  constructor(span) {
    super('lookaround against the direction of the scan');
    this.span = span;
  }
}
