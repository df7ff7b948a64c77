/**
 * Character classes: code points that no set of a program tells apart are one letter of the automaton. A set of
 * classes is a `bigint` whose bit i stands for class i.
 */
import { ranges, type CharSet } from '../syntax/charset.ts';
import type { Program } from './program.ts';

export type ClassMask = bigint;

export interface Alphabet {
  /** How many classes there are. */
  readonly size: number;
  readonly all: ClassMask;
  /** First code point and class of each run, ascending from 0. */
  readonly runs: readonly (readonly [start: number, classNumber: number])[];
  maskOf(set: CharSet): ClassMask;
}

export function programSets(program: Program): CharSet[] {
  return [program.main, ...program.looks].flatMap((code) =>
    code.instructions.flatMap((instruction) =>
      instruction.op === 'character' || instruction.op === 'near' ? [instruction.set] : [],
    ),
  );
}

/** The coarsest classes that each of the sets is a union of. */
export function makeAlphabet(sets: readonly CharSet[]): Alphabet {
  const distinct = [...new Map(sets.map((set) => [set.join(), set])).values()];
  const starts = new Map<number, number[]>([[0, []]]);
  distinct.forEach((set, i) => {
    for (const [lo, hi] of ranges(set)) {
      for (const edge of [lo, hi + 1]) {
        const toggled = starts.get(edge);
        if (toggled) toggled.push(i);
        else starts.set(edge, [i]);
      }
    }
  });
  const inside = new Set<number>();
  const classes = new Map<string, number>();
  const masks = distinct.map(() => 0n);
  const runs: (readonly [number, number])[] = [];
  for (const [start, toggled] of [...starts].sort((a, b) => a[0] - b[0])) {
    for (const i of toggled) if (!inside.delete(i)) inside.add(i);
    if (start > 0x10ffff) continue;
    const key = [...inside].sort((a, b) => a - b).join();
    let number = classes.get(key);
    if (number === undefined) {
      number = classes.size;
      classes.set(key, number);
      for (const i of inside) masks[i] = (masks[i] ?? 0n) | (1n << BigInt(number));
    }
    if (runs.at(-1)?.[1] !== number) runs.push([start, number]);
  }
  const byKey = new Map(distinct.map((set, i) => [set.join(), masks[i] ?? 0n]));
  return {
    size: classes.size,
    all: (1n << BigInt(classes.size)) - 1n,
    runs,
    maskOf(set) {
      const mask = byKey.get(set.join());
      if (mask === undefined) throw new RangeError('a set that the alphabet was not made for');
      return mask;
    },
  };
}

/** The class of a code point: that of the last run that begins at or before it. */
export function classAt(runs: Alphabet['runs'], codePoint: number): number {
  let [low, high] = [0, runs.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((runs[middle]?.[0] ?? 0) <= codePoint) low = middle;
    else high = middle - 1;
  }
  return runs[low]?.[1] ?? 0;
}

/** How well a code point can be read: lower-case letters best, what is not printable ASCII worst. */
export function illegibility(c: number): number {
  if (c >= 0x61 && c <= 0x7a) return 0;
  return c > 0x20 && c < 0x7f ? 1 : 2;
}

/** A code point of each class: printable ASCII where there is one. */
export function representatives(alphabet: Alphabet): number[] {
  const found: number[] = [];
  alphabet.runs.forEach(([start, number], i) => {
    const end = alphabet.runs[i + 1]?.[0] ?? 0x110000;
    for (const c of [start, 0x61, 0x30, 0x41, 0x21]) {
      if (c < start || c >= end) continue;
      const known = found[number];
      if (known === undefined || illegibility(c) < illegibility(known)) found[number] = c;
    }
  });
  return found;
}

/** The numbers of the classes in a mask, ascending. */
export function classesOf(mask: ClassMask): number[] {
  const out: number[] = [];
  let base = 0;
  for (let rest = mask; rest > 0n; rest >>= 30n, base += 30) {
    let word = Number(rest & 0x3fffffffn);
    while (word !== 0) {
      out.push(base + 31 - Math.clz32(word & -word));
      word &= word - 1;
    }
  }
  return out;
}
