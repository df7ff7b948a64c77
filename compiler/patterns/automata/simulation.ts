/**
 * Which threads of a search are not worth following beside which others: thread a is covered by thread b when
 * whatever a goes on to match, b or the search that starts anew at every character matches too. Of all the `a`s a
 * pattern such as `a.{0,20}b` has begun with, only the last needs remembering; without this the deterministic
 * automaton doubles with each character.
 */
import type { Automaton, State } from './states.ts';

export interface Simulation {
  /** Drops the threads that others in the set cover. Takes and returns ascending state numbers. */
  prune(members: readonly number[]): readonly number[];
}

const NO_STATE: State = { at: 0, edges: [], match: { mask: 0n, edge: false } };

/** Takes time quadratic in the states of the automaton, at best. */
export function simulate(automaton: Automaton): Simulation {
  const { states, search } = automaton;
  const n = states.length;
  const anew = states[search] ?? NO_STATE;
  const reads = states.map((state) => state.edges.reduce((mask, edge) => mask | edge.mask, state.match.mask));
  const anewReads = search < 0 ? 0n : (reads[search] ?? 0n);

  const covered = new Uint8Array(n * n);
  const holds = (a: number, b: number): boolean => covered[a * n + b] === 1;
  let pairs: number[] = [];
  // Successors mostly have higher numbers, so going down settles them first.
  for (let a = n - 1; a >= 0; a--) {
    for (let b = n - 1; b >= 0; b--) {
      if (a === b) covered[a * n + b] = 1;
      else if (a !== search && mayCover(a, b)) {
        covered[a * n + b] = 1;
        pairs.push(a * n + b);
      }
    }
  }
  for (let before = -1; before !== pairs.length;) {
    before = pairs.length;
    pairs = pairs.filter((pair) => {
      const still = covers(Math.floor(pair / n), pair % n);
      if (!still) covered[pair] = 0;
      return still;
    });
  }
  return { prune };

  function mayCover(a: number, b: number): boolean {
    const [one, other] = [states[a] ?? NO_STATE, states[b] ?? NO_STATE];
    if (one.match.edge && !other.match.edge && !anew.match.edge) return false;
    if ((one.match.mask & ~(other.match.mask | anew.match.mask)) !== 0n) return false;
    return ((reads[a] ?? 0n) & ~((reads[b] ?? 0n) | anewReads)) === 0n;
  }

  function covers(a: number, b: number): boolean {
    const [one, other] = [states[a] ?? NO_STATE, states[b] ?? NO_STATE];
    for (const edge of one.edges) {
      let left = edge.mask & ~(other.match.mask | anew.match.mask);
      for (const next of other.edges) {
        if (left === 0n) break;
        if (edge.to === next.to || holds(edge.to, next.to)) left &= ~next.mask;
      }
      if (left === 0n) continue;
      for (const next of anew.edges) {
        if (edge.to === next.to || holds(edge.to, next.to)) left &= ~next.mask;
      }
      if (left !== 0n) return false;
    }
    return true;
  }

  function prune(members: readonly number[]): readonly number[] {
    const dropped = new Set<number>();
    for (const a of members) {
      if (members.some((b) => b !== a && !dropped.has(b) && holds(a, b))) dropped.add(a);
    }
    return dropped.size === 0 ? members : members.filter((member) => !dropped.has(member));
  }
}
