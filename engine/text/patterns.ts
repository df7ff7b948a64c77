/**
 * The text-scanning engines of the emitted module. Depends on nothing, names no global, and unpacks a pattern's
 * data when a text first needs it. `compiler/patterns` writes the packed texts: `pack.ts` the numbers, `table.ts`,
 * `bits.ts` and `words.ts` the layouts.
 *
 * All engines read the text once, by code points (a lone surrogate is one), and do a bounded amount of work each.
 */

/** Says whether the pattern matches somewhere in the text. */
export type Scan = (text: string) => boolean;

type Read = () => number;

/** Reads numbers of five bits a character, low end first; see `pack.ts`. */
function reader(packed: string): Read {
  let at = 0;
  return () => {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const code = packed.charCodeAt(at++);
      const digit = code - (code > 92 ? 62 : 61);
      value |= (digit & 31) << shift;
      if (digit < 32) return value;
    }
  };
}

function readList(read: Read, length: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < length; i++) list.push(read());
  return list;
}

/** Class of a code point: a list for ASCII, a search among the runs above. */
interface Classes {
  readonly low: readonly number[];
  readonly high: (codePoint: number) => number;
}

function readClasses(read: Read): Classes {
  const starts: number[] = [];
  const numbers: number[] = [];
  const low: number[] = [];
  let start = 0;
  for (let left = read(); left > 0; left--) {
    starts.push((start += read()));
    numbers.push(read());
  }
  const high = (codePoint: number): number => {
    let from = 0;
    let to = starts.length - 1;
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if ((starts[middle] as number) > codePoint) to = middle - 1;
      else from = middle;
    }
    return numbers[from] as number;
  };
  for (let c = 0; c < 128; c++) low.push(high(c));
  return { low, high };
}

/** Rows of `width` targets; states are row offsets: 0 rejects, `width` accepts, both for good. */
interface Table extends Classes {
  readonly width: number;
  readonly rows: readonly number[];
  readonly start: number;
  /** By state number, whether the end of the text matches there. */
  readonly ends: readonly boolean[];
}

function runForward({ low, high, rows, width, start, ends }: Table, text: string): boolean {
  const { length } = text;
  const sinks = 2 * width;
  let state = start;
  if (state < sinks) return state > 0;
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i);
    if (c < 128) state = rows[state + (low[c] as number)] as number;
    else {
      const wide = text.codePointAt(i) as number;
      if (wide > 0xffff) i++;
      state = rows[state + high(wide)] as number;
    }
    if (state < sinks) return state > 0;
  }
  return ends[state / width] === true;
}

function runReverse({ low, high, rows, width, start, ends }: Table, text: string): boolean {
  const sinks = 2 * width;
  let state = start;
  if (state < sinks) return state > 0;
  for (let i = text.length - 1; i >= 0; i--) {
    const c = text.charCodeAt(i);
    if (c < 128) state = rows[state + (low[c] as number)] as number;
    else {
      const wide = text.codePointAt(i - 1) as number;
      if (wide > 0xffff) i--;
      state = rows[state + high(wide > 0xffff ? wide : c)] as number;
    }
    if (state < sinks) return state > 0;
  }
  return ends[state / width] === true;
}

function readTable(packed: string): Table {
  const read = reader(packed);
  const { low, high } = readClasses(read);
  const width = read();
  const states = read();
  const start = read() * width;
  const rows: number[] = [];
  const ends: boolean[] = [];
  let end = 0;
  for (let i = 0; i < states; i++) ends.push(i === 1);
  for (let left = read(); left > 0; left--) ends[(end += read())] = true;
  for (let i = 0; i < 2 * width; i++) rows.push(i < width ? 0 : width);
  for (let state = 2; state < states; state++) {
    const back = read() * width;
    const full = rows.length + width;
    while (rows.length < full) {
      for (let same = read(); same > 0; same--) rows.push(rows[rows.length - back] as number);
      if (rows.length === full) break;
      let run = read();
      const distance = read();
      const target = (state + (distance & 1 ? -(distance + 1) / 2 : distance / 2)) * width;
      for (; run >= 0; run--) rows.push(target);
    }
  }
  return { low, high, width, rows, start, ends };
}

/** A deterministic automaton, read forward or in reverse. */
export function tableScan(packed: string, reverse: boolean): Scan {
  let table: Table | undefined;
  const run = reverse ? runReverse : runForward;
  return (text) => run((table ??= readTable(packed)), text);
}

/** Aho-Corasick: the trie of all words, every missing branch led to the longest suffix that is in the trie. */
function readWords(packed: string): Table {
  const read = reader(packed);
  const { low, high } = readClasses(read);
  const width = read();
  const root = 2 * width;
  const rows: number[] = [];
  const grow = (): number => {
    for (let i = 0; i < width; i++) rows.push(0);
    return rows.length - width;
  };
  grow();
  grow();
  grow();
  for (let left = read(); left > 0; left--) {
    let state = root;
    for (let rest = read(); rest > 0; rest--) {
      const slot = state + read();
      if (state === width) continue;
      state = rest > 1 ? (rows[slot] as number) || grow() : width;
      rows[slot] = state;
    }
  }
  const queue = [root];
  const suffix: number[] = [root];
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] as number;
    for (let c = 0; c < width; c++) {
      const shorter = state > root ? (rows[(suffix[at] as number) + c] as number) : root;
      const next = rows[state + c] as number;
      if (next < root ? next === 0 : shorter === width) rows[state + c] = shorter;
      else if (next > root) {
        queue.push(next);
        suffix.push(shorter);
      }
    }
  }
  return { low, high, width, rows, start: root, ends: [] };
}

/** Many plain texts at once. */
export function wordScan(packed: string): Scan {
  let table: Table | undefined;
  return (text) => runForward((table ??= readWords(packed)), text);
}

/** A nondeterministic automaton; its places are bits, 30 a word so that every number stays a small integer. */
interface Bits extends Classes {
  readonly classes: number;
  readonly words: number;
  readonly accept: readonly number[];
  readonly ends: readonly number[];
  /** Distances, and for each the places that are followed by the place so much further on. */
  readonly distances: readonly number[];
  readonly shifts: readonly number[];
  /** Places that a class can enter, `words` numbers a class. */
  readonly labels: readonly number[];
  /** Other moves: counts of sources and targets, then as many pairs of word and bits. */
  readonly moves: readonly number[];
  /** Places entered by the last character, and those that the next one may enter. */
  readonly now: number[];
  next: number[];
  /** Sets of places met so far: what the next character may enter, and whether the end of the text matches. */
  readonly sets: (readonly number[])[];
  readonly final: boolean[];
  readonly numbers: { [set: string]: number };
  /** Steps taken so far between them: 0 for one not taken, 1 for a match, else the set's number plus 2. */
  readonly steps: number[];
}

function readBits(packed: string): Bits {
  const read = reader(packed);
  const { low, high } = readClasses(read);
  const classes = read();
  const words = read();
  const final = [read() > 0];
  const first = readList(read, words);
  const accept = readList(read, words);
  const ends = readList(read, words);
  const distances: number[] = [];
  const shifts: number[] = [];
  for (let left = read(); left > 0; left--) {
    distances.push(read());
    for (let w = 0; w < words; w++) shifts.push(read());
  }
  return {
    low,
    high,
    classes,
    words,
    accept,
    ends,
    distances,
    shifts,
    labels: readList(read, classes * words),
    moves: readList(read, read()),
    now: [],
    next: [],
    sets: [first],
    final,
    numbers: {},
    steps: readList(() => 0, classes),
  };
}

/** Takes the places in `next` through one character; says whether that makes a match. */
function stepBits(bits: Bits, classNumber: number): boolean {
  const { words, accept, distances, shifts, labels, moves, now, next } = bits;
  let hit = 0;
  for (let w = 0; w < words; w++) {
    const places = (next[w] as number) & (labels[classNumber * words + w] as number);
    now[w] = places;
    next[w] = 0;
    hit |= places & (accept[w] as number);
  }
  if (hit) return true;
  for (let d = 0, mask = 0; d < distances.length; d++) {
    const distance = distances[d] as number;
    for (let w = 0, carry = 0; w < words; w++) {
      const places = (now[w] as number) & (shifts[mask++] as number);
      next[w] = (next[w] as number) | ((places << distance) & 0x3fffffff) | carry;
      carry = places >> (30 - distance);
    }
  }
  for (let m = 0; m < moves.length;) {
    let sources = moves[m++] as number;
    let targets = moves[m++] as number;
    for (hit = 0; sources > 0; sources--, m += 2) {
      hit |= (now[moves[m] as number] as number) & (moves[m + 1] as number);
    }
    for (; targets > 0; targets--, m += 2) {
      const w = moves[m] as number;
      if (hit) next[w] = (next[w] as number) | (moves[m + 1] as number);
    }
  }
  return false;
}

function endsHere({ words, now, ends }: Bits): boolean {
  for (let w = 0; w < words; w++) if ((now[w] as number) & (ends[w] as number)) return true;
  return false;
}

/** Sets that are remembered; beyond them each step is computed, at the same bounded cost. */
const MOST_SETS = 512;

/** The step to remember for the places just reached: their number plus 2, or 0 when there is no more room. */
function remember(bits: Bits): number {
  const { classes, next, sets, final, numbers, steps } = bits;
  const end = endsHere(bits);
  const key = `${next.join()};${end}`;
  const known = numbers[key];
  if (known) return known + 2;
  if (sets.length >= MOST_SETS) return 0;
  numbers[key] = sets.length;
  final.push(end);
  for (let c = 0; c < classes; c++) steps.push(0);
  return sets.push(next.slice()) + 1;
}

function runBits(bits: Bits, text: string, reverse: boolean): boolean {
  const { low, high, classes, sets, steps } = bits;
  const last = reverse ? 0 : text.length;
  // -1 once the set is not among those remembered.
  let set = 0;
  for (let i = text.length - last; i !== last;) {
    let c = text.charCodeAt(reverse ? --i : i++);
    if (c < 128) c = low[c] as number;
    else {
      // Forward, i is behind the character; in reverse, on it: either way a pair begins at i - 1.
      const pair = text.codePointAt(i - 1) as number;
      if (pair > 0xffff) {
        c = pair;
        i += reverse ? -1 : 1;
      }
      c = high(c);
    }
    if (set >= 0) {
      const slot = set * classes + c;
      const taken = steps[slot] as number;
      if (taken > 1) {
        set = taken - 2;
        continue;
      }
      if (taken > 0) return true;
      bits.next = (sets[set] as number[]).slice();
      const matched = stepBits(bits, c);
      steps[slot] = matched ? 1 : remember(bits);
      set = steps[slot] - 2;
      if (matched) return true;
    } else if (stepBits(bits, c)) return true;
  }
  return set < 0 ? endsHere(bits) : bits.final[set] === true;
}

/** A nondeterministic automaton whose states are bits of a few words, read forward or in reverse. */
export function bitScan(packed: string, reverse: boolean): Scan {
  let bits: Bits | undefined;
  return (text) => runBits((bits ??= readBits(packed)), text, reverse);
}
