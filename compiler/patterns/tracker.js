/**
 * A lookaround as a deterministic automaton that runs along with the scan: in each state it is known whether a
 * match of the lookaround's body ends at this place, given the next character.
 */
import { classesOf } from './alphabet.js';
import { TooManyStates } from './refusal.js';
/** More states than this multiply the main automaton beyond use. */
const MOST_STATES = 512;
/** @throws TooManyStates */
export function trackLook(automaton) {
  const ids = new Map();
  const sets = [];
  const idOf = (members) => {
    const key = members.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    if (sets.length >= MOST_STATES) throw new TooManyStates('lookaround');
    ids.set(key, sets.length);
    return sets.push(members) - 1;
  };
  const start = idOf([automaton.start]);
  const rows = [];
  const guards = [];
  // `sets` grows while it is walked.
  for (const members of sets) {
    const targets = Array.from({ length: automaton.alphabet.size }, () => new Set());
    let guard = { mask: 0n, edge: false };
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
