/**
 * Guards of entries that inherit: the tables of what they inherit are there once, and each entry brings its own. Rows
 * are joined when a tool is first seen.
 */
import { testOf, TRIPS } from '../module/tables.ts';
import type { Guard, GuardCell, GuardRow, GuardTexts, TextTest } from '../module/tables.ts';

declare const Map: MapConstructor;

const NO_TEXTS: GuardTexts = { rules: [], any: null, tests: [], numbers: false };

/** The guard of an entry over another one, without the rules that it replaces. */
export function over(
  base: Guard,
  dropped: readonly number[],
  row: Guard['row'],
  texts?: GuardTexts | 0,
): Guard {
  const keep = (rules: readonly number[]): readonly number[] =>
    dropped.length > 0 ? rules.filter((rule) => !dropped.includes(rule)) : rules;
  return {
    row: (tool) => joinRows(base.row(tool), row(tool), keep),
    texts: joinTexts(base.texts, texts || NO_TEXTS, keep),
  };
}

export function joinRows(
  base: GuardRow,
  own: GuardRow,
  keep = (rules: readonly number[]): readonly number[] => rules,
): GuardRow {
  const cells = new Map<string, GuardCell>();
  for (const [arg, rules, ...rest] of base.cells) {
    const kept = keep(rules);
    if (kept.length > 0) cells.set(arg, [arg, kept, ...rest]);
  }
  for (const cell of own.cells) {
    const known = cells.get(cell[0]);
    cells.set(cell[0], known ? joinCells(known, cell) : cell);
  }
  return { rules: [...keep(base.rules), ...own.rules], cells: [...cells.values()] };
}

/** A cell may trip for nothing, so what a replaced rule looked for may stay. */
function joinCells(a: GuardCell, b: GuardCell): GuardCell {
  const [arg, rules, trips, low, high, equal = [], heads = 0, head = 0, any = 0, needs = '', tests = []] = a;
  const free = [trips & TRIPS.noNumber, b[2] & TRIPS.noNumber];
  const more: TextTest[] = [];
  // One regular expression in each place; the other one is a test of its own.
  for (const other of [head && b[7], any && b[8]]) if (other) more.push(testOf(other));
  return [
    arg,
    [...rules, ...b[1]],
    ((trips | b[2]) & ~TRIPS.noNumber) | (free[0] && free[1] ? TRIPS.noNumber : 0),
    free[0] || (!free[1] && low <= b[3]) ? b[3] : low,
    free[0] || (!free[1] && high >= b[4]) ? b[4] : high,
    [...equal, ...(b[5] || [])],
    head ? heads : b[6] || 0,
    head || b[7] || 0,
    any || b[8] || 0,
    any ? needs : b[9] || '',
    [...tests, ...(b[10] || []), ...more],
  ];
}

function joinTexts(
  base: GuardTexts,
  own: GuardTexts,
  keep: (rules: readonly number[]) => readonly number[],
): GuardTexts {
  const { any } = own;
  const more: readonly TextTest[] = base.any && any ? [testOf(any)] : [];
  return {
    rules: [...keep(base.rules), ...own.rules],
    any: base.any || any,
    tests: [...base.tests, ...own.tests, ...more],
    numbers: base.numbers || own.numbers,
  };
}
