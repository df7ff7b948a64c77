/**
 * Unicode simple case folding as ECMAScript's `Canonicalize` does it for `/iu` (ECMA-262, 22.2.2.7.3): two
 * characters are the same when their simple folding is. The host has no function for it, so the classes are
 * recovered: candidates from the full case mappings, each confirmed by the host's own `/iu`.
 */
import { ALL, equal, fromRanges, has, members, ranges, size, type CharSet } from './charset.ts';

/** Cased characters exist in planes 0 and 1 only. */
const LAST_CASED = 0x1ffff;

type Orbits = ReadonlyMap<number, readonly number[]>;

function sameUnderFolding(a: number, b: number): boolean {
  return new RegExp(`^\\u{${a.toString(16)}}$`, 'iu').test(String.fromCodePoint(b));
}

function candidates(): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (let c = 0; c <= LAST_CASED; c++) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const text = String.fromCodePoint(c);
    const lower = text.toLowerCase();
    const upper = text.toUpperCase();
    if (lower === text && upper === text) continue;
    // One key for every character that any chain of case mappings leads to the same place.
    const key = lower.toUpperCase().normalize('NFC');
    const group = groups.get(key);
    if (group) group.push(c);
    else groups.set(key, [c]);
  }
  return groups.values();
}

function findOrbits(): Orbits {
  const orbits = new Map<number, readonly number[]>();
  for (const group of candidates()) {
    const left = [...group];
    for (let first = left.shift(); first !== undefined; first = left.shift()) {
      const start = first;
      const orbit = [start, ...left.filter((other) => sameUnderFolding(start, other))];
      if (orbit.length === 1) continue;
      for (const c of orbit) {
        orbits.set(c, orbit);
        if (left.includes(c)) left.splice(left.indexOf(c), 1);
      }
    }
  }
  return orbits;
}

let known: Orbits | undefined;
const orbitMap = (): Orbits => (known ??= findOrbits());

/** All characters that fold like this one, itself included, in order. */
export function foldingOrbit(codePoint: number): readonly number[] {
  return orbitMap().get(codePoint) ?? [codePoint];
}

const ASCII = /^[\0-\x7f]*$/;

/** One text for all that are the same but for case: each character is the first of its orbit. */
export function foldText(text: string): string {
  // Of an ASCII letter that is the capital, though `ſ` and the Kelvin sign fold like one too.
  if (ASCII.test(text)) return text.toUpperCase();
  const first = (character: string): string => {
    const code = character.codePointAt(0) ?? 0;
    return String.fromCodePoint(foldingOrbit(code)[0] ?? code);
  };
  return Array.from(text, first).join('');
}

/** The set and every character that folds like one of its members. */
export function closeUnderFolding(set: CharSet): CharSet {
  if (set.length === 0 || equal(set, ALL)) return set;
  const extra: (readonly [number, number])[] = [];
  if (size(set) < 64) {
    for (const c of members(set)) for (const other of foldingOrbit(c)) extra.push([other, other]);
    return fromRanges([...ranges(set), ...extra]);
  }
  for (const [c, orbit] of orbitMap()) {
    if (has(set, c)) for (const other of orbit) if (!has(set, other)) extra.push([other, other]);
  }
  return extra.length === 0 ? set : fromRanges([...ranges(set), ...extra]);
}
