/** The places of a bit-parallel automaton: the edges of the automaton, each with the classes that enter it. */
import type { ClassMask } from '../automata/alphabet.ts';
import type { Automaton, State } from '../automata/states.ts';
import { TooManyStates } from '../syntax/refusal.ts';

/** In place of a state: the pattern has matched, whatever follows. */
export const MATCHED = -1;

export interface Place {
  readonly mask: ClassMask;
  /** State that is entered, or `MATCHED`. */
  readonly to: number;
}

export interface Places {
  readonly list: readonly Place[];
  /** Places that the first character can enter, ascending. */
  readonly first: readonly number[];
  /** For each place, those that the next character can enter, ascending. */
  readonly follow: readonly (readonly number[])[];
}

/**
 * Numbers the places so that neighbours in the pattern are neighbours in the words, and the variants of one place
 * that know different things of the text behind lie side by side.
 *
 * @throws TooManyStates above `most` places.
 */
export function findPlaces(automaton: Automaton, most: number): Places {
  const { alphabet, states } = automaton;
  const certain = (state: State | undefined): boolean =>
    state?.match.edge === true && state.match.mask === alphabet.all;
  const after = (state: State | undefined): Place[] => {
    if (!state) return [];
    const matched = certain(state) ? alphabet.all : state.match.mask;
    const moves = state.edges.map(({ mask, to }) => ({ mask, to: certain(states[to]) ? MATCHED : to }));
    return matched === 0n ? moves : [...moves, { mask: matched, to: MATCHED }];
  };
  const key = (place: Place): string => `${place.to};${place.mask}`;
  const found = new Map<string, Place>();
  const add = (place: Place): void => {
    if (found.size >= most) throw new TooManyStates('bits');
    found.set(key(place), place);
  };
  const start = states[automaton.start];
  after(start).forEach(add);
  // The map grows while it is walked.
  for (const place of found.values()) after(states[place.to]).forEach(add);
  // Instructions are written from the end of the pattern to its beginning.
  const at = (place: Place): number => states[place.to]?.at ?? -1;
  const list = [...found.values()].sort((a, b) => at(b) - at(a));
  const numbers = new Map(list.map((place, i) => [key(place), i]));
  const numbersOf = (state: State | undefined): number[] =>
    [...new Set(after(state).map((place) => numbers.get(key(place)) ?? 0))].sort((a, b) => a - b);
  return { list, first: numbersOf(start), follow: list.map((place) => numbersOf(states[place.to])) };
}
