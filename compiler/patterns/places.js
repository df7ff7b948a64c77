import { TooManyStates } from './refusal.js';
/** In place of a state: the pattern has matched, whatever follows. */
export const MATCHED = -1;
/**
 * Numbers the places so that neighbours in the pattern are neighbours in the words, and the variants of one place
 * that know different things of the text behind lie side by side.
 *
 * @throws TooManyStates above `most` places.
 */
export function findPlaces(automaton, most) {
  const { alphabet, states } = automaton;
  const certain = (state) => state?.match.edge === true && state.match.mask === alphabet.all;
  const after = (state) => {
    if (!state) return [];
    const matched = certain(state) ? alphabet.all : state.match.mask;
    const moves = state.edges.map(({ mask, to }) => ({ mask, to: certain(states[to]) ? MATCHED : to }));
    return matched === 0n ? moves : [...moves, { mask: matched, to: MATCHED }];
  };
  const key = (place) => `${place.to};${place.mask}`;
  const found = new Map();
  const add = (place) => {
    if (found.size >= most) throw new TooManyStates('bits');
    found.set(key(place), place);
  };
  const start = states[automaton.start];
  after(start).forEach(add);
  // The map grows while it is walked.
  for (const place of found.values()) after(states[place.to]).forEach(add);
  // Instructions are written from the end of the pattern to its beginning.
  const at = (place) => states[place.to]?.at ?? -1;
  const list = [...found.values()].sort((a, b) => at(b) - at(a));
  const numbers = new Map(list.map((place, i) => [key(place), i]));
  const numbersOf = (state) =>
    [...new Set(after(state).map((place) => numbers.get(key(place)) ?? 0))].sort((a, b) => a - b);
  return { list, first: numbersOf(start), follow: list.map((place) => numbersOf(states[place.to])) };
}
