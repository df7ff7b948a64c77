import { testOf, TRIPS } from '../module/tables.ts';
import type { Guard, GuardCell, GuardRow, TextTest } from '../module/tables.ts';

declare const Map: MapConstructor;

/** What is in any of the lists, once. */
const union = <T>(lists: readonly (readonly T[])[]): readonly T[] => [
  ...new Map(lists.flat().map((item) => [item, 1])).keys(),
];

/**
 * The guards of several entries as one, so that a plan is walked once however many decide: it trips wherever one of
 * them would. Entries mostly share what they inherit, and what is the same is looked at once.
 */
export function combine(guards: readonly Guard[]): Guard {
  const [only] = guards;
  if (only && guards.length === 1) return only;
  const texts = guards.map((guard) => guard.texts);
  const patterns = texts.map(({ any }) => any);
  return {
    row: (tool) => combineRows(union([guards.map((guard) => guard.row(tool))])),
    texts: {
      rules: union(texts.map(({ rules }) => rules)),
      any: null,
      tests: union([...texts.map(({ tests }) => tests), testsOf(patterns)]),
      numbers: texts.some(({ numbers }) => numbers),
    },
  };
}

function combineRows(rows: readonly GuardRow[]): GuardRow {
  const byArg = new Map<string, GuardCell[]>();
  for (const cell of rows.flatMap(({ cells }) => cells)) {
    const alike = byArg.get(cell[0]);
    if (alike) alike.push(cell);
    else byArg.set(cell[0], [cell]);
  }
  return { rules: union(rows.map(({ rules }) => rules)), cells: [...byArg.values()].map(combineCells) };
}

function combineCells(cells: readonly GuardCell[]): GuardCell {
  const [first] = cells;
  if (first && cells.length === 1) return first;
  let trips: number = TRIPS.noNumber;
  let low = -Infinity;
  let high = Infinity;
  for (const [, , bits, from, to] of cells) {
    // Numbers have to pass every range there is.
    trips = (trips | bits) & (bits | ~TRIPS.noNumber);
    if (bits & (TRIPS.noNumber | TRIPS.everyNumber)) continue;
    low = low > from ? low : from;
    high = high < to ? high : to;
  }
  return [
    first?.[0] ?? '',
    union(cells.map((cell) => cell[1])),
    trips,
    low,
    high,
    union(cells.map((cell) => cell[5] ?? [])),
    0,
    0,
    0,
    '',
    union([...cells.map((cell) => cell[10] ?? []), testsOf(cells.flatMap((cell) => [cell[7], cell[8]]))]),
  ];
}

/** Each regular expression once, as a test. */
function testsOf(patterns: readonly (RegExp | 0 | null | undefined)[]): readonly TextTest[] {
  const distinct = new Map(patterns.flatMap((pattern) => (pattern ? [[`${pattern}`, pattern]] : [])));
  return [...distinct.values()].map(testOf);
}
