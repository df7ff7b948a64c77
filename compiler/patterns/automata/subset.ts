/** Nondeterministic → deterministic automaton, by the subset construction. */
import { classesOf } from './alphabet.ts';
import type { Automaton } from './states.ts';
import { TooManyStates } from '../syntax/refusal.ts';
import type { Simulation } from './simulation.ts';

export const REJECT = 0;
export const ACCEPT = 1;

/**
 * A deterministic automaton. State `REJECT` can reach no match any more, state `ACCEPT` has found one; both stay
 * for good. `table[state * width + class]` is the next state.
 */
export interface Dfa {
  readonly width: number;
  readonly table: Int32Array;
  readonly start: number;
  /** 1 for states in which the end of the text makes a match. */
  readonly atEnd: Uint8Array;
  /** First code point and class of each run, ascending from 0. */
  readonly runs: readonly (readonly [start: number, classNumber: number])[];
}

export function stateCount(dfa: Dfa): number {
  return dfa.atEnd.length;
}

/** Threads in a state, on average, from which the construction is taken to explode. */
const THREADS = 128;

/** @throws TooManyStates when more than `limit` states are met, or states of too many threads. */
export function determinize(automaton: Automaton, limit: number, simulation?: Simulation): Dfa {
  const width = automaton.alphabet.size;
  const edges = automaton.states.map((state) =>
    state.edges.map((edge) => ({ classes: classesOf(edge.mask), to: edge.to })),
  );
  const accepting = automaton.states.map((state) => classesOf(state.match.mask));
  const certain = automaton.states.map(
    (state) => state.match.edge && state.match.mask === automaton.alphabet.all,
  );

  let threads = 0;
  const ids = new Map<string, number>();
  const sets: (readonly number[])[] = [[], []];
  const idOf = (members: readonly number[]): number => {
    const key = keyOf(members);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = add(simulation ? simulation.prune(members) : members);
    ids.set(key, id);
    return id;
  };
  const add = (members: readonly number[]): number => {
    if (members.some((member) => certain[member])) return ACCEPT;
    const key = keyOf(members);
    const known = ids.get(key);
    if (known !== undefined) return known;
    threads += members.length;
    if (sets.length >= limit || threads > limit * THREADS) throw new TooManyStates('table');
    ids.set(key, sets.length);
    return sets.push(members) - 1;
  };
  ids.set('', REJECT);

  // A row that is new rejects all.
  const rows = [new Int32Array(width), new Int32Array(width).fill(ACCEPT)];
  const start = idOf([automaton.start]);
  // In which round a class was given a state last.
  const given = new Int32Array(width * automaton.states.length);
  const targets: number[][] = [];
  for (let at = 2; at < sets.length; at++) {
    const members = sets[at] ?? [];
    const row = new Int32Array(width);
    for (let c = 0; c < width; c++) targets[c] = [];
    for (const member of members) for (const c of accepting[member] ?? []) row[c] = ACCEPT;
    for (const member of members) {
      for (const { classes, to } of edges[member] ?? []) {
        for (const c of classes) {
          const place = to * width + c;
          if (row[c] === ACCEPT || given[place] === at) continue;
          given[place] = at;
          targets[c]?.push(to);
        }
      }
    }
    targets.forEach((target, c) => {
      if (target.length > 0) row[c] = idOf(ascending(target));
    });
    rows.push(row);
  }
  const table = new Int32Array(rows.length * width);
  rows.forEach((row, i) => {
    table.set(row, i * width);
  });
  const atEnd = Uint8Array.from(sets, (members, i) =>
    i === ACCEPT || members.some((member) => automaton.states[member]?.match.edge) ? 1 : 0,
  );
  return { width, table, start, atEnd, runs: automaton.alphabet.runs };
}

/**
 * One text for each set of ascending states: a character a state. Where there are more states than characters, their
 * digits behind what no ascending row begins with.
 */
const keyOf = (members: readonly number[]): string =>
  (members.at(-1) ?? 0) < CHARACTERS ? String.fromCharCode(...members) : `\u{1}\u{0}${members.join()}`;

const CHARACTERS = 0x1_00_00;

/** In order; most are already. */
function ascending(numbers: number[]): number[] {
  const isAscending = numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0));
  return isAscending ? numbers : numbers.sort((a, b) => a - b);
}
