/**
 * A nondeterministic automaton as words of bits. Each edge becomes a place that is entered by the classes of its
 * label. Where many places are followed by the place a fixed distance on (themselves at distance 0), one mask and
 * one shift move them all; what is left are moves that places with the same targets share.
 */
import { classesOf } from '../automata/alphabet.ts';
import type { Automaton } from '../automata/states.ts';
import { Packer } from './pack.ts';
import { findPlaces, MATCHED, type Place, type Places } from './places.ts';
import { TooManyStates } from '../syntax/refusal.ts';

/** Fewer than 31, so that every number is a small integer in every engine. */
const WORD_BITS = 30;

export interface BitAutomaton {
  readonly places: number;
  /** Word operations per character of text. */
  readonly cost: number;
  readonly packed: string;
}

/**
 * Layout: classes; their number; words; whether the empty text matches; first, accepting and final places; the
 * distances, each with its mask; a mask of places for each class; the moves, as their length and numbers.
 *
 * @throws TooManyStates when a step would take more than `mostOperations` word operations.
 */
export function packBits(automaton: Automaton, mostOperations: number): BitAutomaton {
  const places = findPlaces(automaton, mostOperations * WORD_BITS);
  const plan = planMoves(places);
  if (plan.cost > mostOperations) throw new TooManyStates('bits');
  return { places: places.list.length, cost: plan.cost, packed: pack(automaton, places, plan) };
}

function pack(automaton: Automaton, { list, first }: Places, plan: MovePlan): string {
  const { alphabet, states } = automaton;
  const { words } = plan;
  const where = (test: (place: Place, i: number) => boolean): number[] =>
    asBits(
      list.flatMap((place, i) => (test(place, i) ? [i] : [])),
      words,
    );
  const packer = new Packer().classes(alphabet.runs).number(alphabet.size).number(words);
  packer.number(states[automaton.start]?.match.edge ? 1 : 0);
  packer.numbers(asBits(first, words));
  packer.numbers(where((place) => place.to === MATCHED));
  packer.numbers(where((place) => states[place.to]?.match.edge === true));
  packer.number(plan.shifts.length);
  for (const { distance, sources } of plan.shifts) packer.number(distance).numbers(asBits(sources, words));
  const entered = list.map((place) => new Set(classesOf(place.mask)));
  for (let c = 0; c < alphabet.size; c++) packer.numbers(where((_, i) => entered[i]?.has(c) === true));
  return packer.number(plan.moves.length).numbers(plan.moves).toString();
}

function asBits(members: readonly number[], words: number): number[] {
  const out = Array.from({ length: words }, () => 0);
  for (const i of members) {
    const word = Math.floor(i / WORD_BITS);
    out[word] = (out[word] ?? 0) | (1 << (i % WORD_BITS));
  }
  return out;
}

interface MovePlan {
  readonly words: number;
  readonly cost: number;
  readonly shifts: readonly { readonly distance: number; readonly sources: readonly number[] }[];
  /** Counts of sources and targets, then as many pairs of word and bits; over and over. */
  readonly moves: readonly number[];
}

/** Word operations of entering places and looking for accepting ones, of a shift, and of a move, by pair. */
const ENTER_COST = 2;
const SHIFT_COST = 2;

/** Adds the most used distances as long as that makes a step cheaper. */
function planMoves({ list, follow }: Places): MovePlan {
  const words = Math.max(1, Math.ceil(list.length / WORD_BITS));
  const byDistance = new Map<number, number[]>();
  follow.forEach((targets, i) => {
    for (const to of targets) {
      const distance = to - i;
      if (distance < 0 || distance >= WORD_BITS) continue;
      const sources = byDistance.get(distance);
      if (sources) sources.push(i);
      else byDistance.set(distance, [i]);
    }
  });
  const candidates = [...byDistance].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const planWith = (count: number): MovePlan => {
    const used = candidates.slice(0, count);
    const distances = new Set(used.map(([distance]) => distance));
    const moves = writeMoves(follow, distances, words);
    const cost = words * (ENTER_COST + SHIFT_COST * count) + moves.length / 2;
    return { words, cost, moves, shifts: used.map(([distance, sources]) => ({ distance, sources })) };
  };
  let best = planWith(0);
  for (let count = 1; count <= Math.min(candidates.length, 8); count++) {
    const plan = planWith(count);
    if (plan.cost <= best.cost) best = plan;
  }
  return best;
}

function writeMoves(
  follow: readonly (readonly number[])[],
  shifted: ReadonlySet<number>,
  words: number,
): number[] {
  const moves = new Map<string, { sources: number[]; targets: readonly number[] }>();
  follow.forEach((targets, i) => {
    const left = targets.filter((to) => !shifted.has(to - i));
    if (left.length === 0) return;
    const known = moves.get(left.join());
    if (known) known.sources.push(i);
    else moves.set(left.join(), { sources: [i], targets: left });
  });
  const pairs = (members: readonly number[]): number[] =>
    asBits(members, words).flatMap((bits, word) => (bits === 0 ? [] : [word, bits]));
  return [...moves.values()].flatMap(({ sources, targets }) => {
    const [from, to] = [pairs(sources), pairs(targets)];
    return [from.length / 2, to.length / 2, ...from, ...to];
  });
}
