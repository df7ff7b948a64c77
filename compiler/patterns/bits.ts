/**
 * A nondeterministic automaton as words of bits. Each edge becomes a place that is entered by the classes of its
 * label; most places are followed by their neighbour or by themselves, so one step is a shift, two masks and a
 * few moves that many places share.
 */
import { classesOf, type ClassMask } from './alphabet.ts';
import type { Automaton, State } from './automaton.ts';
import { Packer } from './pack.ts';
import { TooManyStates } from './refusal.ts';

const WORD_BITS = 30;
const MATCHED = -1;

export interface BitAutomaton {
  readonly places: number;
  /** Word operations per character of text. */
  readonly cost: number;
  readonly packed: string;
}

interface Place {
  readonly mask: ClassMask;
  /** State that is entered, or `MATCHED`. */
  readonly to: number;
}

/** @throws TooManyStates when a step would take more than `mostOperations` word operations. */
export function packBits(automaton: Automaton, mostOperations: number): BitAutomaton {
  const { alphabet, states } = automaton;
  const { places, first, follow } = findPlaces(automaton, mostOperations);
  const words = Math.max(1, Math.ceil(places.length / WORD_BITS));
  const bits = (members: Iterable<number>): number[] => {
    const out = Array.from({ length: words }, () => 0);
    for (const i of members) {
      const word = Math.floor(i / WORD_BITS);
      out[word] = (out[word] ?? 0) | (1 << (i % WORD_BITS));
    }
    return out;
  };
  const where = (test: (place: Place, i: number) => boolean): number[] =>
    bits(places.flatMap((place, i) => (test(place, i) ? [i] : [])));

  const moves = movesOf(follow);
  const written = moves.flatMap(({ sources, targets }) => {
    const pairs = (list: readonly number[]): number[] =>
      bits(list).flatMap((word, i) => (word === 0 ? [] : [i, word]));
    const [from, to] = [pairs(sources), pairs(targets)];
    return [from.length / 2, to.length / 2, ...from, ...to];
  });
  const cost = 4 * words + written.length / 2;
  if (cost > mostOperations) throw new TooManyStates('bits');

  const start = states[automaton.start];
  const packer = new Packer().classes(alphabet.runs).number(alphabet.size).number(words);
  packer.number(start?.match.edge ? 1 : 0);
  packer.numbers(bits(first));
  packer.numbers(where((place) => place.to === MATCHED));
  packer.numbers(where((place) => states[place.to]?.match.edge === true));
  packer.numbers(where((_, i) => follow[i]?.includes(i + 1) === true));
  packer.numbers(where((_, i) => follow[i]?.includes(i) === true));
  const entered = places.map((place) => new Set(classesOf(place.mask)));
  for (let c = 0; c < alphabet.size; c++) packer.numbers(where((_, i) => entered[i]?.has(c) === true));
  packer.number(written.length).numbers(written);
  return { places: places.length, cost, packed: packer.toString() };
}

/** Places in depth-first order, so that chains of characters lie side by side. */
function findPlaces(
  automaton: Automaton,
  mostOperations: number,
): { places: readonly Place[]; first: readonly number[]; follow: readonly (readonly number[])[] } {
  const { alphabet, states } = automaton;
  const most = mostOperations * WORD_BITS;
  const certain = (state: State | undefined): boolean =>
    state?.match.edge === true && state.match.mask === alphabet.all;
  const placesAfter = (state: State | undefined): Place[] => {
    if (!state) return [];
    const matched = certain(state) ? alphabet.all : state.match.mask;
    const moves = state.edges.map(({ mask, to }) => ({ mask, to: certain(states[to]) ? MATCHED : to }));
    return matched === 0n ? moves : [...moves, { mask: matched, to: MATCHED }];
  };
  const key = (place: Place): string => `${place.to};${place.mask}`;
  const numbers = new Map<string, number>();
  const places: Place[] = [];
  const stack = placesAfter(states[automaton.start]).reverse();
  for (let place = stack.pop(); place; place = stack.pop()) {
    if (numbers.has(key(place))) continue;
    if (places.length >= most) throw new TooManyStates('bits');
    numbers.set(key(place), places.push(place) - 1);
    stack.push(...placesAfter(states[place.to]).reverse());
  }
  const numbersOf = (state: State | undefined): number[] =>
    placesAfter(state).map((place) => numbers.get(key(place)) ?? 0);
  return {
    places,
    first: numbersOf(states[automaton.start]),
    follow: places.map((place) => numbersOf(states[place.to])),
  };
}

interface Move {
  readonly sources: number[];
  readonly targets: readonly number[];
}

/** What neither the shift nor the loop mask does, by common targets. */
function movesOf(follow: readonly (readonly number[])[]): Move[] {
  const moves = new Map<string, Move>();
  follow.forEach((targets, i) => {
    const other = [...new Set(targets)].filter((to) => to !== i && to !== i + 1).sort((a, b) => a - b);
    if (other.length === 0) return;
    const known = moves.get(other.join());
    if (known) known.sources.push(i);
    else moves.set(other.join(), { sources: [i], targets: other });
  });
  return [...moves.values()];
}
