/** A deterministic automaton → the text that the module carries. */
import { Packer } from './pack.ts';
import { ACCEPT, stateCount, type Dfa } from './subset.ts';

/**
 * Layout: classes; width; number of states; start; states in which the end of the text matches, as their number
 * and steps; then each row as runs of equal targets, each run its length less one and the target's distance from
 * the row.
 */
export function packDfa(dfa: Dfa): string {
  const { width, table, runs } = sortClasses(dfa);
  const n = stateCount(dfa);
  const packer = new Packer().classes(runs).number(width).number(n).number(dfa.start);
  const ends = [...dfa.atEnd.keys()].filter((state) => state !== ACCEPT && dfa.atEnd[state] === 1);
  packer.number(ends.length);
  ends.forEach((state, i) => packer.number(state - (ends[i - 1] ?? 0)));
  // The two sinks lead to themselves and need no rows.
  for (let state = 2; state < n; state++) {
    for (let c = 0; c < width;) {
      const target = table[state * width + c] ?? 0;
      let end = c + 1;
      while (end < width && table[state * width + end] === target) end++;
      packer.number(end - c - 1).signed(target - state);
      c = end;
    }
  }
  return packer.toString();
}

/** Classes that mostly go the way of the crowd side by side, for longer runs. */
function sortClasses(dfa: Dfa): Dfa {
  const { width, table } = dfa;
  const n = stateCount(dfa);
  const unusual = Array.from({ length: width }, () => 0);
  for (let state = 2; state < n; state++) {
    const row = table.subarray(state * width, (state + 1) * width);
    const counts = new Map<number, number>();
    for (const target of row) counts.set(target, (counts.get(target) ?? 0) + 1);
    const [usual] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0]);
    row.forEach((target, c) => (unusual[c] = (unusual[c] ?? 0) + (target === usual ? 0 : 1)));
  }
  const order = [...unusual.keys()].sort((a, b) => (unusual[a] ?? 0) - (unusual[b] ?? 0) || a - b);
  const renamed = new Map(order.map((c, i) => [c, i]));
  const rows = Array.from({ length: n }, (_, state) => order.map((c) => table[state * width + c] ?? 0));
  return {
    ...dfa,
    table: Int32Array.from(rows.flat()),
    runs: dfa.runs.map(([start, c]) => [start, renamed.get(c) ?? 0] as const),
  };
}
