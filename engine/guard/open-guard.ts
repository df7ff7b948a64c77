import { holdsOpener } from '../text/references.ts';
import { isToolName, mayReadOtherwise } from '../text/plain.ts';
import { TRIPS } from '../module/tables.ts';
import type { Guard, GuardCell, GuardRow, TextTest } from '../module/tables.ts';

declare const Map: MapConstructor;

/** Tools whose rows are kept ready; a plan of invented names makes rows anew instead of filling the memory. */
const MOST_ROWS = 16_384;
/** Different tools of one plan; each name longer than `LONGEST_TOOL` counts anew. */
export const MOST_TOOLS = 2_048;
const LONGEST_TOOL = 256;
/** Names of arguments that no rule mentions and no text rule minds. */
const MOST_NAMES = 1_024;
const LONGEST_NAME = 64;
/** Above this many, a table is faster than comparing one by one. */
const FEW_TEXTS = 6;

/** One argument of one tool, unpacked: all cells have the same shape, so that the walk stays fast. */
export interface Cell {
  readonly arg: string;
  /** Its name holds a reference, or is a text that trips: it has to be looked at each time. */
  readonly odd: boolean;
  readonly rules: readonly number[];
  /** 0: no text trips, 1: every text, 2: it has to be looked at. */
  readonly texts: 0 | 1 | 2;
  readonly literals: boolean;
  /** 1 where its absence trips. */
  readonly needed: 0 | 1;
  readonly low: number;
  readonly high: number;
  readonly lengths: number;
  readonly starts: number;
  readonly equal: readonly string[];
  readonly many: ReadonlyMap<string, number> | null;
  readonly heads: number;
  readonly head: RegExp | null;
  readonly any: RegExp | null;
  /** Characters without one of which `any` does not match; '' where there are none. */
  readonly need: string;
  readonly orNeed: string;
  readonly tests: readonly TextTest[];
}

function openCell(cell: GuardCell, odd: boolean): Cell {
  const [arg, rules, trips, low, high, equal = [], heads = 0, head = 0, any = 0, needs = '', tests = []] =
    cell;
  const looked = equal.length > 0 || head || any || tests.length > 0 ? 2 : 0;
  const [least, most] = trips & TRIPS.noNumber ? [-Infinity, Infinity] : [low, high];
  return {
    arg,
    odd,
    rules,
    texts: trips & TRIPS.everyText ? 1 : looked,
    literals: (trips & TRIPS.literals) !== 0,
    needed: trips & TRIPS.missing ? 1 : 0,
    // An empty range: no number is within it.
    low: trips & TRIPS.everyNumber ? 1 : least,
    high: trips & TRIPS.everyNumber ? 0 : most,
    lengths: equal.reduce((bits, text) => bits | (1 << (text.length & 31)), 0),
    // The last five bits of an ASCII letter are those of the other case; others may begin with anything.
    starts: equal.reduce(
      (bits, text) => bits | (text.charCodeAt(0) > 127 ? -1 : 1 << (text.charCodeAt(0) & 31)),
      0,
    ),
    equal,
    many: equal.length > FEW_TEXTS ? new Map(equal.map((text) => [text, 1])) : null,
    heads,
    head: head || null,
    any: any || null,
    need: needs.charAt(0),
    orNeed: needs.charAt(1),
    tests,
  };
}

/** Whether a text trips in this spelling, where `texts` says that it has to be looked at. */
export function cellTrips(cell: Cell, text: string): boolean {
  const start = text.charCodeAt(0) & 31;
  if ((cell.lengths >>> (text.length & 31)) & (cell.starts >>> start) & 1) {
    const low = text.toLowerCase();
    if (cell.many !== null) {
      if (cell.many.has(low)) return true;
    } else {
      const { equal } = cell;
      for (let i = 0; i < equal.length; i += 1) if (equal[i] === low) return true;
    }
  }
  if (cell.head !== null && (cell.heads >>> start) & 1 && cell.head.test(text)) return true;
  if (cell.any !== null && mayHold(cell, text) && cell.any.test(text)) return true;
  return cell.tests.length > 0 && cell.tests.some((test) => test(text));
}

/** Looking for one character is so much faster than any regular expression. */
function mayHold({ need, orNeed }: Cell, text: string): boolean {
  if (need === '' || text.includes(need)) return true;
  return orNeed !== '' && text.includes(orNeed);
}

/** What there is to ask of the steps that call one tool, unpacked. */
export interface Row {
  readonly rules: readonly number[];
  readonly cells: ReadonlyMap<string, Cell>;
  /** Cells in the order in which arguments came last, for they come in the same order most of the time. */
  readonly order: (Cell | undefined)[];
  /** Cells of arguments whose absence trips. */
  readonly needed: readonly Cell[];
  /** The tool's name is a name: nothing invisible in it, no space around it, no ASCII name in other letters. */
  readonly isName: boolean;
  /** It holds a reference. */
  readonly isReference: boolean;
  /** Arguments in which nothing is a reference. */
  readonly templates: readonly string[];
  /** The last plan that called the tool. */
  plan: number;
}

/** What an argument that no rule mentions is looked at with. */
export const FREE = freeCell('');

function freeCell(name: string): Cell {
  return openCell([name, [], TRIPS.noNumber, 0, 0], false);
}

/** An entry's guard with its rows unpacked when a tool is first seen. */
export interface OpenGuard {
  /** Rules to ask when a text trips. */
  readonly rules: readonly number[];
  readonly numbers: boolean;
  readonly watches: boolean;
  readonly readings: (text: string) => readonly string[];
  readonly any: RegExp | null;
  readonly tests: readonly TextTest[];
  readonly row: (tool: string) => GuardRow;
  readonly rows: Map<string, Row>;
  readonly names: Map<string, Cell>;
  readonly templates: ReadonlyMap<string, readonly string[]>;
  /** How many plans were begun, and how many different tools the last one has called so far. */
  plans: number;
  tools: number;
}

const NO_TEMPLATES: readonly string[] = [];

/** A guard that finds nothing worth asking, for plans of which no rule is asked. */
export const openMuted = (templates: OpenGuard['templates']): OpenGuard =>
  openGuard({ row: () => NO_ROW, texts: NO_TEXTS }, () => [], templates);

const NO_ROW: GuardRow = { rules: [], cells: [] };
const NO_TEXTS = { rules: [], any: null, tests: [], numbers: false };

export function openGuard(
  { row, texts }: Guard,
  readings: OpenGuard['readings'],
  templates: ReadonlyMap<string, readonly string[]>,
): OpenGuard {
  const { rules, any, tests, numbers } = texts;
  const watches = any !== null || tests.length > 0;
  return {
    rules,
    numbers,
    watches,
    readings,
    any,
    tests,
    row,
    rows: new Map(),
    names: new Map(),
    templates,
    plans: 0,
    tools: 0,
  };
}

export function rowOf(guard: OpenGuard, tool: string): Row {
  return guard.rows.get(tool) ?? openRow(guard, tool);
}

/** The same for a step of the plan that was begun last; `null` where it calls too many tools: a row takes as long as a step of many values. */
export function rowInPlan(guard: OpenGuard, tool: string): Row | null {
  const known = guard.rows.get(tool);
  if (known !== undefined && known.plan === guard.plans) return known;
  guard.tools += 1;
  if (guard.tools > MOST_TOOLS) return null;
  const row = rowOf(guard, tool);
  row.plan = guard.plans;
  return row;
}

function openRow(guard: OpenGuard, tool: string): Row {
  const { rules, cells } = guard.row(tool);
  const opened = cells.map((cell) => openCell(cell, isOdd(guard, cell[0])));
  const row: Row = {
    rules,
    cells: new Map(opened.map((cell) => [cell.arg, cell])),
    order: [],
    needed: opened.filter((cell) => cell.needed),
    isReference: holdsOpener(tool),
    templates: guard.templates.get(tool) ?? NO_TEMPLATES,
    isName: isToolName(tool),
    plan: -1,
  };
  if (guard.rows.size >= MOST_ROWS) guard.rows.clear();
  if (tool.length <= LONGEST_TOOL) guard.rows.set(tool, row);
  return row;
}

/** Between plans: names that filled the memory are forgotten, so that a plan of odd ones slows no other. */
export function tidy(guard: OpenGuard): void {
  const { names, rows } = guard;
  if (names.size >= MOST_NAMES) names.clear();
  // Within a plan no row is forgotten: its tool would count twice.
  if (rows.size > MOST_ROWS - MOST_TOOLS) rows.clear();
  guard.plans = (guard.plans + 1) % PLANS;
  guard.tools = 0;
}

/** Numbers of plans: a row that so many plans have not called is not taken for one of the last. */
const PLANS = 2 ** 30;

/** Whether a text in the arguments may make one of `rules` fire, as it is written or as it may be read. */
export function minds(guard: OpenGuard, text: string, isRespelled: boolean): boolean {
  if (!guard.watches) return false;
  if (guardTrips(guard, text)) return true;
  return isRespelled && guard.readings(text).some((reading) => guardTrips(guard, reading));
}

/** The same in this spelling. */
export function guardTrips({ any, tests }: OpenGuard, text: string): boolean {
  if (any !== null && any.test(text)) return true;
  return tests.length > 0 && tests.some((test) => test(text));
}

/** Whether a name is more than a name: it holds a reference, may make one of `rules` fire, or has readings, which are counted each time. */
export function isOdd(guard: OpenGuard, name: string): boolean {
  return holdsOpener(name) || mayReadOtherwise(name) || minds(guard, name, false);
}

/** A cell for an argument that no rule mentions and whose name is just a name, from now on, for names recur. */
export function remember({ names }: OpenGuard, name: string): Cell {
  if (name.length > LONGEST_NAME || names.size >= MOST_NAMES) return FREE;
  const cell = freeCell(name);
  names.set(name, cell);
  return cell;
}
