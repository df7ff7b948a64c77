/**
 * A lookaround as a deterministic automaton that runs along with the scan: in each state it is known whether a
 * match of the lookaround's body ends at this place, given the next character.
 */
import { classesOf } from './alphabet.ts';
import type { Automaton, Guard } from './states.ts';
import { TooManyStates } from '../syntax/refusal.ts';

export interface Tracker {
  readonly start: number;
  next(state: number, classNumber: number): number;
  /** Next characters for which the lookaround holds here. */
  holds(state: number): Guard;
}

/** More states than this multiply the main automaton beyond use. */
const MOST_STATES = 512;

/** @throws TooManyStates */
export function trackLook(automaton: Automaton): Tracker {
  const ids = new Map<string, number>();
  const sets: (readonly number[])[] = [];
  const idOf = (members: readonly number[]): number => {
    const key = members.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    if (sets.length >= MOST_STATES) throw new TooManyStates('lookaround');
    ids.set(key, sets.length);
    return sets.push(members) - 1;
  };
  const start = idOf([automaton.start]);
  const rows: number[][] = [];
  const guards: Guard[] = [];
  // `sets` grows while it is walked.
  for (const members of sets) {
    const targets = Array.from({ length: automaton.alphabet.size }, () => new Set<number>());
    let guard: Guard = { mask: 0n, edge: false };
    for (const member of members) {
      const state = automaton.states[member];
      if (!state) continue;
      guard = { mask: guard.mask | state.match.mask, edge: guard.edge || state.match.edge };
      for (const edge of state.edges) {
        for (const classNumber of classesOf(edge.mask)) targets[classNumber]?.add(edge.to);
      }
    }
    guards.push(guard);
    rows.push(targets.map((set) => idOf([...set].sort((a, b) => a - b))));
  }
  return {
    start,
    next: (state, classNumber) => rows[state]?.[classNumber] ?? 0,
    holds: (state) => guards[state] ?? { mask: 0n, edge: false },
  };
}
