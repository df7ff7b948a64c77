/** Two deterministic automata side by side. */
import { TooManyStates } from '../syntax/refusal.ts';
import { classAt, illegibility } from './alphabet.ts';
import { ACCEPT, REJECT, stateCount, type Dfa } from './subset.ts';

/** A letter for both automata. */
export interface Letter {
  readonly left: number;
  readonly right: number;
  /** Half of a surrogate pair; see `surrogateOf`. */
  readonly surrogate: 'lead' | 'trail' | undefined;
  /** A code point that it stands for, printable ASCII where there is one. */
  readonly sample: number;
}

export interface CommonAlphabet {
  readonly letters: readonly Letter[];
  /** First code point and letter of each run, ascending from 0. */
  readonly runs: readonly (readonly [start: number, letter: number])[];
}

/** The coarsest letters on which neither automaton, nor the forming of surrogate pairs, tells code points apart. */
export function commonAlphabet(left: Dfa, right: Dfa): CommonAlphabet {
  const starts = [...left.runs, ...right.runs].map(([start]) => start);
  const cuts = [...new Set([...starts, 0xd800, 0xdc00, 0xe000])].sort((a, b) => a - b);
  const numbers = new Map<string, number>();
  const letters: Letter[] = [];
  const runs: (readonly [number, number])[] = [];
  cuts.forEach((start, i) => {
    const letter = {
      left: classAt(left.runs, start),
      right: classAt(right.runs, start),
      surrogate: surrogateOf(start),
      sample: readable(start, cuts[i + 1] ?? 0x110000),
    };
    const key = `${letter.left};${letter.right};${letter.surrogate ?? ''}`;
    const known = numbers.get(key);
    const number = known ?? letters.push(letter) - 1;
    numbers.set(key, number);
    const other = letters[number];
    if (other && illegibility(letter.sample) < illegibility(other.sample)) letters[number] = letter;
    if (runs.at(-1)?.[1] !== number) runs.push([start, number]);
  });
  return { letters, runs };
}

function surrogateOf(codePoint: number): Letter['surrogate'] {
  if (codePoint < 0xd800 || codePoint > 0xdfff) return undefined;
  return codePoint < 0xdc00 ? 'lead' : 'trail';
}

function readable(start: number, end: number): number {
  const inside = [start, 0x61, 0x30, 0x41, 0x21].filter((c) => c >= start && c < end);
  return inside.reduce((best, c) => (illegibility(c) < illegibility(best) ? c : best), start);
}

/**
 * The automaton that matches what either does.
 *
 * @throws TooManyStates when more than `limit` pairs of states are met.
 */
export function unite(left: Dfa, right: Dfa, limit: number): Dfa {
  const { letters, runs } = commonAlphabet(left, right);
  const width = letters.length;
  const n = stateCount(right);
  const numbers = new Map<number, number>();
  const pairs: number[] = [REJECT * n + REJECT, ACCEPT * n + ACCEPT];
  const numberOf = (a: number, b: number): number => {
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
  const rows: number[] = letters.map(() => REJECT).concat(letters.map(() => ACCEPT));
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
