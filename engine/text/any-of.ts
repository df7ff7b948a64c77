/** Looking for several texts at once, all chosen by others: one pass, however many they are and whatever they hold. */
import { find } from './find.ts';

declare const Map: MapConstructor;

/** Up to so many are looked for one by one, which engines do faster. */
const FEW = 3;
/** Units whose place at the root is in a list. */
const LISTED = 256;

/** Whether a text holds one of the parts, none of which is empty. */
export function anyOf(parts: readonly string[]): (text: string) => boolean {
  if (parts.length <= FEW) return (text) => parts.some((part) => find(text, part) >= 0);
  let trie: Trie | undefined;
  return (text) => holds((trie ??= trieOf(parts)), text);
}

/**
 * The parts as a tree of states (Aho, Corasick 1975), 0 its root. Most states have one child, so that one is kept with
 * the state; of others there are fewer than parts.
 */
interface Trie {
  /** The unit that leads to a state. */
  readonly unit: number[];
  /** The first child of a state, 0 where there is none. */
  readonly child: number[];
  /** Whether it has others; they are in `others`, by state and unit. */
  readonly forks: boolean[];
  readonly others: Map<number, number>;
  /** The state for the longest end of what was read that begins a part, too. */
  readonly back: number[];
  /** Whether a part ends here. */
  readonly ends: boolean[];
  /** Children of the root by unit. */
  readonly roots: number[];
}

const key = (state: number, unit: number): number => state * 65_536 + unit;

function trieOf(parts: readonly string[]): Trie {
  const trie: Trie = {
    unit: [0],
    child: [0],
    forks: [false],
    others: new Map(),
    back: [0],
    ends: [false],
    roots: [],
  };
  const paths = parts.map((part) => added(trie, part));
  for (let unit = 0; unit < LISTED; unit += 1) trie.roots.push(childOf(trie, 0, unit));
  const { unit, back, ends } = trie;
  const longest = paths.reduce((most, path) => (path.length > most ? path.length : most), 0);
  // By depth, for the way back leads to states that are nearer to the root.
  for (let depth = 1; depth < longest; depth += 1) {
    for (const path of paths) {
      const state = path[depth];
      if (state === undefined) continue;
      const other = next(trie, back[path[depth - 1] as number] as number, unit[state] as number);
      back[state] = other;
      if (ends[other]) ends[state] = true;
    }
  }
  return trie;
}

/** Puts a part into the tree; its states. */
function added({ unit, child, forks, others, back, ends }: Trie, part: string): readonly number[] {
  const path: number[] = [];
  let state = 0;
  for (let at = 0; at < part.length; at += 1) {
    const read = part.charCodeAt(at);
    const first = child[state] as number;
    let to = first !== 0 && unit[first] === read ? first : (others.get(key(state, read)) ?? 0);
    if (to === 0) {
      to = unit.push(read) - 1;
      child.push(0);
      forks.push(false);
      back.push(0);
      ends.push(false);
      if (first === 0) child[state] = to;
      else {
        forks[state] = true;
        others.set(key(state, read), to);
      }
    }
    path.push(to);
    state = to;
  }
  ends[state] = true;
  return path;
}

function childOf({ unit, child, forks, others }: Trie, state: number, read: number): number {
  const first = child[state] as number;
  if (first !== 0 && unit[first] === read) return first;
  return forks[state] ? (others.get(key(state, read)) ?? 0) : 0;
}

/** The state after one more unit. */
function next(trie: Trie, from: number, read: number): number {
  let state = from;
  while (state !== 0) {
    const to = childOf(trie, state, read);
    if (to !== 0) return to;
    state = trie.back[state] as number;
  }
  return read < LISTED ? (trie.roots[read] as number) : childOf(trie, 0, read);
}

function holds(trie: Trie, text: string): boolean {
  let state = 0;
  for (let at = 0; at < text.length; at += 1) {
    state = next(trie, state, text.charCodeAt(at));
    if (trie.ends[state]) return true;
  }
  return false;
}
