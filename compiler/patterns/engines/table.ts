/** A deterministic automaton → the text that the module carries. */
import { Packer } from './pack.ts';
import { ACCEPT, stateCount, type Dfa } from '../automata/subset.ts';

/**
 * Layout: classes; width; number of states; start; states in which the end of the text matches, as their number
 * and steps; then each row as its differences from the row of an earlier state: how far back that is, then, until
 * the row is full, how many targets are the same, and a run of others: its length less one and the target's
 * distance from the state.
 */
export function packDfa(dfa: Dfa): string {
  const sorted = sortClasses(dfa);
  const n = stateCount(dfa);
  const packer = new Packer().classes(sorted.runs).number(dfa.width).number(n).number(dfa.start);
  const ends = [...dfa.atEnd.keys()].filter((state) => state !== ACCEPT && dfa.atEnd[state] === 1);
  packer.number(ends.length);
  ends.forEach((state, i) => packer.number(state - (ends[i - 1] ?? 0)));
  // The two sinks lead to themselves and need no rows.
  const rows = range(0, 2).map(() => '');
  for (let state = 2; state < n; state++) {
    rows.push(
      models(state)
        .map((model) => packRow(sorted, state, model))
        .reduce((a, b) => (b.length < a.length ? b : a)),
    );
  }
  return packer.toString() + rows.join('');
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Rows to describe a row by: the sink's, the first, and the last few. */
function models(state: number): number[] {
  return [0, ...(state > 2 ? [2] : []), ...range(Math.max(3, state - 24), state)];
}

function packRow({ width, table }: Dfa, state: number, model: number): string {
  const row = table.subarray(state * width, (state + 1) * width);
  const like = table.subarray(model * width, (model + 1) * width);
  const packer = new Packer().number(state - model);
  for (let c = 0; c < width;) {
    const start = c;
    while (c < width && row[c] === like[c]) c++;
    packer.number(c - start);
    if (c === width) break;
    const target = row[c] ?? 0;
    const first = c;
    while (c < width && row[c] === target && row[c] !== like[c]) c++;
    packer.number(c - first - 1).signed(target - state);
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
