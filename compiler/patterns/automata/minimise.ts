/**
 * The smallest deterministic automaton, by Hopcroft's algorithm: split blocks of states that the end of the text
 * or one more character tells apart until nothing does. Classes that no state tells apart any more are merged.
 */
import { ACCEPT, REJECT, stateCount, type Dfa } from './subset.ts';

export function minimise(dfa: Dfa): Dfa {
  return mergeClasses(quotient(dfa, blocks(dfa)));
}

/** For each state, the number of its block. */
function blocks(dfa: Dfa): Int32Array {
  const { width } = dfa;
  const n = stateCount(dfa);
  const sources = invert(dfa);
  const partition = new Partition(n);
  for (const states of [[ACCEPT], range(n).filter((s) => s !== ACCEPT && dfa.atEnd[s] === 1)]) {
    for (const state of states) partition.mark(state);
    partition.split();
  }
  const work = range(partition.count);
  const queued = new Set(work);
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    queued.delete(block);
    const members = partition.members(block);
    for (let c = 0; c < width; c++) {
      for (const member of members) for (const source of sources(member, c)) partition.mark(source);
      for (const [old, fresh] of partition.split()) {
        // The smaller half is enough, unless the whole was still to be looked at.
        const next = queued.has(old) || partition.size(fresh) <= partition.size(old) ? fresh : old;
        if (!queued.has(next)) {
          queued.add(next);
          work.push(next);
        }
      }
    }
  }
  return partition.blockOf;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The states that lead to a state by a class. */
function invert(dfa: Dfa): (state: number, classNumber: number) => Int32Array {
  const { width, table } = dfa;
  const n = stateCount(dfa);
  const slot = (i: number): number => (table[i] ?? 0) * width + (i % width);
  const from = new Int32Array(n * width + 1);
  for (let i = 0; i < table.length; i++) from[slot(i) + 1] = (from[slot(i) + 1] ?? 0) + 1;
  for (let i = 1; i < from.length; i++) from[i] = (from[i] ?? 0) + (from[i - 1] ?? 0);
  const fill = from.slice();
  const sources = new Int32Array(n * width);
  for (let i = 0; i < table.length; i++) {
    const at = fill[slot(i)] ?? 0;
    sources[at] = Math.floor(i / width);
    fill[slot(i)] = at + 1;
  }
  return (state, c) => sources.subarray(from[state * width + c] ?? 0, from[state * width + c + 1] ?? 0);
}

/** Blocks of states as consecutive stretches of one array; the marked states of a block come first. */
class Partition {
  count = 1;
  readonly blockOf: Int32Array;
  readonly #elements: Int32Array;
  readonly #place: Int32Array;
  readonly #first: number[] = [0];
  readonly #end: number[];
  readonly #marked: number[] = [0];
  #touched: number[] = [];

  constructor(n: number) {
    this.blockOf = new Int32Array(n);
    this.#elements = Int32Array.from(range(n));
    this.#place = Int32Array.from(range(n));
    this.#end = [n];
  }

  size(block: number): number {
    return (this.#end[block] ?? 0) - (this.#first[block] ?? 0);
  }

  members(block: number): Int32Array {
    return this.#elements.slice(this.#first[block], this.#end[block]);
  }

  mark(state: number): void {
    const block = this.blockOf[state] ?? 0;
    const marked = this.#marked[block] ?? 0;
    const border = (this.#first[block] ?? 0) + marked;
    const place = this.#place[state] ?? 0;
    if (place < border) return;
    if (marked === 0) this.#touched.push(block);
    const other = this.#elements[border] ?? 0;
    this.#elements[border] = state;
    this.#place[state] = border;
    this.#elements[place] = other;
    this.#place[other] = place;
    this.#marked[block] = marked + 1;
  }

  /** Makes blocks of their own of the marked states; returns pairs of the old block and the new one. */
  split(): (readonly [number, number])[] {
    const made: (readonly [number, number])[] = [];
    for (const block of this.#touched) {
      const marked = this.#marked[block] ?? 0;
      this.#marked[block] = 0;
      if (marked === this.size(block)) continue;
      const first = this.#first[block] ?? 0;
      const fresh = this.count++;
      this.#first[fresh] = first;
      this.#end[fresh] = first + marked;
      this.#marked[fresh] = 0;
      this.#first[block] = first + marked;
      for (let i = first; i < first + marked; i++) this.blockOf[this.#elements[i] ?? 0] = fresh;
      made.push([block, fresh]);
    }
    this.#touched = [];
    return made;
  }
}

/** One state a block, numbered breadth first from the start after the two sinks. */
function quotient(dfa: Dfa, blockOf: Int32Array): Dfa {
  const { width, table } = dfa;
  const block = (state: number): number => blockOf[state] ?? 0;
  const numbers = new Map<number, number>([
    [block(REJECT), REJECT],
    [block(ACCEPT), ACCEPT],
  ]);
  const order = [REJECT, ACCEPT];
  const numberOf = (state: number): number => {
    const known = numbers.get(block(state));
    if (known !== undefined) return known;
    numbers.set(block(state), order.length);
    return order.push(state) - 1;
  };
  const start = numberOf(dfa.start);
  const rows: number[] = [];
  // `order` grows while it is walked.
  for (const state of order) {
    for (let c = 0; c < width; c++) rows.push(numberOf(table[state * width + c] ?? REJECT));
  }
  return {
    ...dfa,
    table: Int32Array.from(rows),
    start,
    atEnd: Uint8Array.from(order, (state) => dfa.atEnd[state] ?? 0),
  };
}

function mergeClasses(dfa: Dfa): Dfa {
  const { width, table } = dfa;
  const n = stateCount(dfa);
  const kept: number[] = [];
  const alike = new Map<number, number[]>();
  const renamed = range(width).map((c) => {
    let hash = 0;
    for (let i = c; i < table.length; i += width) hash = (Math.imul(hash, 31) + (table[i] ?? 0)) | 0;
    const candidates = alike.get(hash) ?? [];
    const same = candidates.find((other) => sameColumn(dfa, kept[other] ?? 0, c));
    if (same !== undefined) return same;
    alike.set(hash, [...candidates, kept.length]);
    return kept.push(c) - 1;
  });
  const rows = new Int32Array(n * kept.length);
  for (let state = 0, i = 0; state < n; state++) {
    for (const c of kept) rows[i++] = table[state * width + c] ?? REJECT;
  }
  const runs: (readonly [number, number])[] = [];
  for (const [start, c] of dfa.runs) {
    const name = renamed[c] ?? 0;
    if (runs.at(-1)?.[1] !== name) runs.push([start, name]);
  }
  return { ...dfa, width: kept.length, table: rows, runs };
}

function sameColumn({ width, table }: Dfa, a: number, b: number): boolean {
  for (let row = 0; row < table.length; row += width) {
    if (table[row + a] !== table[row + b]) return false;
  }
  return true;
}
