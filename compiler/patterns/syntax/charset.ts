/**
 * Sets of code points as sorted, disjoint, non-adjacent inclusive ranges in one flat list: `[lo, hi, lo, hi, …]`.
 * The flat form doubles as the key of a set (`join`).
 */
export type CharSet = readonly number[];

export const LAST_CODE_POINT = 0x10ffff;
export const NONE: CharSet = [];
export const ALL: CharSet = [0, LAST_CODE_POINT];

/** Ranges `[lo, hi]` in any order, overlapping or not, as a set. */
export function fromRanges(pairs: readonly (readonly [number, number])[]): CharSet {
  const sorted = pairs.filter(([lo, hi]) => lo <= hi).sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of sorted) {
    const last = out.at(-1);
    if (last !== undefined && lo <= last + 1) out[out.length - 1] = Math.max(last, hi);
    else out.push(lo, hi);
  }
  return out;
}

export function single(codePoint: number): CharSet {
  return [codePoint, codePoint];
}

export function ranges(set: CharSet): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (let i = 0; i + 1 < set.length; i += 2) out.push([set[i] ?? 0, set[i + 1] ?? 0]);
  return out;
}

export function union(...sets: readonly CharSet[]): CharSet {
  if (sets.length === 1) return sets[0] ?? NONE;
  return fromRanges(sets.flatMap(ranges));
}

export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let next = 0;
  for (const [lo, hi] of ranges(set)) {
    if (lo > next) out.push(next, lo - 1);
    next = hi + 1;
  }
  if (next <= LAST_CODE_POINT) out.push(next, LAST_CODE_POINT);
  return out;
}

export function intersect(a: CharSet, b: CharSet): CharSet {
  return complement(union(complement(a), complement(b)));
}

export function disjoint(a: CharSet, b: CharSet): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [aLow = 0, aHigh = 0, bLow = 0, bHigh = 0] = [a[i], a[i + 1], b[j], b[j + 1]];
    if (aHigh < bLow) i += 2;
    else if (bHigh < aLow) j += 2;
    else return false;
  }
  return true;
}

export function has(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (codePoint < (set[2 * middle] ?? 0)) high = middle;
    else if (codePoint > (set[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

/** How many code points the set has. */
export function size(set: CharSet): number {
  return ranges(set).reduce((sum, [lo, hi]) => sum + hi - lo + 1, 0);
}

/** The code points of a small set, in order. */
export function members(set: CharSet): number[] {
  return ranges(set).flatMap(([lo, hi]) => Array.from({ length: hi - lo + 1 }, (_, i) => lo + i));
}

export function equal(a: CharSet, b: CharSet): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
