/** Two deterministic automata side by side. */
import { TooManyStates } from './refusal.js';
import { ACCEPT, REJECT, stateCount } from './subset.js';
/** The coarsest letters on which neither automaton, nor the forming of surrogate pairs, tells code points apart. */
export function commonAlphabet(left, right) {
  const starts = [...left.runs, ...right.runs].map(([start]) => start);
  const cuts = [...new Set([...starts, 0xd800, 0xdc00, 0xe000])].sort((a, b) => a - b);
  const numbers = new Map();
  const letters = [];
  const runs = [];
  cuts.forEach((start, i) => {
    const letter = {
      left: classAt(left, start),
      right: classAt(right, start),
      surrogate: surrogateOf(start),
      sample: readable(start, cuts[i + 1] ?? 0x110000),
    };
    const key = `${letter.left};${letter.right};${letter.surrogate ?? ''}`;
    const known = numbers.get(key);
    const number = known ?? letters.push(letter) - 1;
    numbers.set(key, number);
    const other = letters[number];
    if (other && rank(letter.sample) < rank(other.sample)) letters[number] = letter;
    if (runs.at(-1)?.[1] !== number) runs.push([start, number]);
  });
  return { letters, runs };
}
function surrogateOf(codePoint) {
  if (codePoint < 0xd800 || codePoint > 0xdfff) return undefined;
  return codePoint < 0xdc00 ? 'lead' : 'trail';
}
function classAt(dfa, codePoint) {
  return dfa.runs.findLast(([start]) => start <= codePoint)?.[1] ?? 0;
}
const rank = (c) => (c >= 0x61 && c <= 0x7a ? 0 : c > 0x20 && c < 0x7f ? 1 : 2);
function readable(start, end) {
  const inside = [start, 0x61, 0x30, 0x41, 0x21].filter((c) => c >= start && c < end);
  return inside.reduce((best, c) => (rank(c) < rank(best) ? c : best), start);
}
/**
 * The automaton that matches what either does.
 *
 * @throws TooManyStates when more than `limit` pairs of states are met.
 */
export function unite(left, right, limit) {
  const { letters, runs } = commonAlphabet(left, right);
  const width = letters.length;
  const n = stateCount(right);
  const numbers = new Map();
  const pairs = [REJECT * n + REJECT, ACCEPT * n + ACCEPT];
  const numberOf = (a, b) => {
    if (a === ACCEPT || b === ACCEPT) return ACCEPT;
    if (a === REJECT && b === REJECT) return REJECT;
    const pair = a * n + b;
    const known = numbers.get(pair);
    if (known !== undefined) return known;
    if (pairs.length >= limit) throw new TooManyStates('union');
    numbers.set(pair, pairs.length);
    return pairs.push(pair) - 1;
  };
  const start = numberOf(left.start, right.start);
  const rows = letters.map(() => REJECT).concat(letters.map(() => ACCEPT));
  for (let i = 2; i < pairs.length; i++) {
    const pair = pairs[i] ?? 0;
    const [a, b] = [Math.floor(pair / n), pair % n];
    for (const letter of letters) {
      rows.push(
        numberOf(
          left.table[a * left.width + letter.left] ?? REJECT,
          right.table[b * right.width + letter.right] ?? REJECT,
        ),
      );
    }
  }
  const atEnd = Uint8Array.from(pairs, (pair) =>
    left.atEnd[Math.floor(pair / n)] === 1 || right.atEnd[pair % n] === 1 ? 1 : 0,
  );
  return { width, table: Int32Array.from(rows), start, atEnd, runs };
}
