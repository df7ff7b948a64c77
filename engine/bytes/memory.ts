/** What is written into the scanner's memory: texts, searches, cells and rows (`format.ts`). */
import {
  CELL_COMPARES,
  CELL_DIGITS,
  CELL_LITERALS,
  CELL_OBJECTS,
  CELL_ODD,
  CELL_OPAQUE,
  CELL_SIZE,
  CELL_TEMPLATE,
  CELL_TEXTS,
  MOST_CELLS,
  ORDERED,
  ROW_CELLS,
  TABLES,
  TABLES_END,
  TOOLS,
} from './format.ts';
import { requiredBy } from './required.ts';
import type { Literal } from './required.ts';
import type { Cell, OpenGuard, Row } from '../guard/open-guard.ts';
import { FREE } from '../guard/open-guard.ts';
import type { ScannerInstance } from '@plan-lint/runtime/contract';

declare const Map: MapConstructor;

/** What the tables of a scanner are made in. */
export interface Memory {
  readonly instance: ScannerInstance;
  readonly encode: (text: string) => Uint8Array;
  /** Where texts stand: names of arguments and literals recur. */
  readonly texts: Map<string, Place>;
  /** Searches by their literals. */
  readonly searches: Map<string, number>;
  /** Cells by number. */
  readonly cells: Cell[];
  /** Tools that have a row. */
  tools: number;
  /** Where the next table begins. */
  top: number;
}

export function newMemory(instance: ScannerInstance, encode: Memory['encode']): Memory {
  return { instance, encode, texts: new Map(), searches: new Map(), cells: [], tools: 0, top: TABLES };
}

/** Forgets every tool that was met: what there is to say of those to come needs the room. */
export function forget(memory: Memory): void {
  memory.texts.clear();
  memory.searches.clear();
  memory.cells.length = 0;
  memory.tools = 0;
  memory.top = TABLES;
  memory.instance.bytes.fill(0, TOOLS, TABLES);
}

/** Whether a table of a usual size still fits. */
export const hasRoom = ({ top }: Memory): boolean => top < TABLES_END - ROOM;
const ROOM = 0x20000;

const ALIGNED = 16;
/** So many bytes are read beyond the end of a text. */
const BEYOND = 8;

/** Room for so many bytes, filled with zeros, and for what is read beyond them; -1 where there is none. */
function reserve(memory: Memory, size: number): number {
  const at = memory.top;
  const end = at + size + BEYOND;
  if (end > TABLES_END) return -1;
  memory.top = end + ALIGNED - (end % ALIGNED);
  memory.instance.bytes.fill(0, at, memory.top);
  return at;
}

interface Place {
  readonly at: number;
  readonly length: number;
}

function putText(memory: Memory, text: string): Place {
  const known = memory.texts.get(text);
  if (known !== undefined) return known;
  const bytes = memory.encode(text);
  const place = { at: reserve(memory, bytes.length), length: bytes.length };
  if (place.at < 0) return place;
  memory.instance.bytes.set(bytes, place.at);
  memory.texts.set(text, place);
  return place;
}

/** What the texts of a cell are looked at for: `null` where only the host can say. */
export type Sought = readonly Literal[] | null;

/** What every text is looked at for. */
export function soughtByAll({ rules, any, tests }: OpenGuard): Sought {
  return rules.length === 0 ? [] : soughtBy([any], tests);
}

function soughtBy(patterns: readonly (RegExp | null)[], tests: Cell['tests']): Sought {
  const all: Literal[] = [];
  for (const pattern of [...patterns, ...tests.map((test) => test.pattern ?? 0)]) {
    if (pattern === null) continue;
    const literals = pattern === 0 ? null : requiredBy(pattern);
    if (literals === null) return null;
    all.push(...literals);
  }
  return all;
}

const LITERAL_SIZE = 16;
/** What is looked for at once shares eight bits. */
const BUCKETS = 8;
const HALVES = 64;

/** A search for these literals; 0 where there are none, -1 where there is no room. */
function putSearch(memory: Memory, literals: readonly Literal[]): number {
  const distinct = new Map(literals.map((one) => [`${one.folds ? 'i' : '='}${one.text}`, one]));
  if (distinct.size === 0) return 0;
  const key = [...distinct.keys()].sort().join('\n');
  const known = memory.searches.get(key);
  if (known !== undefined) return known;
  const at = reserve(memory, HALVES + 8);
  const list = reserve(memory, distinct.size * LITERAL_SIZE);
  if (at < 0 || list < 0) return -1;
  const { bytes, view } = memory.instance;
  view.setUint32(at + HALVES, list, true);
  view.setUint32(at + HALVES + 4, distinct.size, true);
  let number = 0;
  for (const { text, folds } of distinct.values()) {
    const place = putText(memory, text);
    if (place.at < 0) return -1;
    const pair = rarestPair(text);
    const bit = 1 << (number % BUCKETS);
    markByte(bytes, at, text.charCodeAt(pair), folds, bit);
    markByte(bytes, at + 32, text.charCodeAt(pair + 1), folds, bit);
    const entry = list + number * LITERAL_SIZE;
    view.setUint32(entry, place.at, true);
    view.setUint32(entry + 4, place.length, true);
    view.setUint32(entry + 8, pair, true);
    view.setUint32(entry + 12, folds ? 1 : 0, true);
    number += 1;
  }
  memory.searches.set(key, at);
  return at;
}

/** Marks both halves of a byte in two tables of sixteen; of what is no byte, every byte is meant. */
function markByte(bytes: Uint8Array, at: number, byte: number, folds: boolean, bit: number): void {
  const mark = (half: number): void => {
    bytes[at + half] = (bytes[at + half] ?? 0) | bit;
  };
  if (byte !== byte) {
    for (let half = 0; half < 32; half += 1) mark(half);
    return;
  }
  const isLetter = byte >= 0x61 && byte <= 0x7a;
  for (const one of folds && isLetter ? [byte, byte - 32] : [byte]) {
    mark(one & 15);
    mark(16 + (one >> 4));
  }
}

/** Letters of English and of identifiers, the most frequent first. */
const FREQUENT = ' etaoinsrhldcumfpgwybv-_./kxjqz0123456789';

const rarity = (character: string): number => {
  const rank = FREQUENT.indexOf(character);
  return rank < 0 ? FREQUENT.length : rank;
};

/** Where two neighbours stand of which texts hold few. */
function rarestPair(text: string): number {
  let best = 0;
  let most = -1;
  for (let at = 0; at + 1 < text.length; at += 1) {
    const rank = rarity(text.charAt(at)) + rarity(text.charAt(at + 1));
    if (rank > most) {
      most = rank;
      best = at;
    }
  }
  return best;
}

const PRINTABLE = /^[ -~]*$/;

/** Whether a name can be found by its bytes. */
const isFound = (name: string): boolean => !/["\\]/.test(name) && PRINTABLE.test(name);

/** What all cells have in common. */
export interface Common {
  readonly guard: OpenGuard;
  readonly sought: Sought;
  readonly maxText: number;
}

/** Writes a cell to where there is room for it; whether all of it fits. */
export function putCell(
  memory: Memory,
  at: number,
  cell: Cell,
  { guard, sought, maxText }: Common,
  isTemplate: boolean,
): boolean {
  const { view, hashOfSmall } = memory.instance;
  const { arg, rules, low, high } = cell;
  const asks = rules.length > 0;
  const equal = asks ? cell.equal : [];
  const looks = asks && cell.texts === 2;
  const own = looks ? soughtBy([cell.head, cell.any], cell.tests) : [];
  const literals = own && sought && [...own, ...sought];
  const isOpaque = literals === null || !equal.every((text) => PRINTABLE.test(text));
  const name = putText(memory, arg);
  const search = isOpaque ? 0 : putSearch(memory, literals);
  const hashes = isOpaque ? 0 : reserve(memory, equal.length * 8);
  if (name.at < 0 || search < 0 || hashes < 0) return false;
  const lengths = [0, 0];
  for (let i = 0; !isOpaque && i < equal.length; i += 1) {
    const { at: place, length } = putText(memory, equal[i] ?? '');
    if (place < 0) return false;
    view.setBigInt64(hashes + i * 8, hashOfSmall(place, length), true);
    const half = (length & 63) >> 5;
    lengths[half] = (lengths[half] ?? 0) | (1 << (length & 31));
  }
  const isOdd = cell !== FREE && (cell.odd || !isFound(arg) || arg.length > maxText);
  const flags =
    (equal.length > 0 && !isOpaque ? CELL_COMPARES : 0) |
    (asks && cell.texts === 1 ? CELL_TEXTS : 0) |
    (asks && cell.literals ? CELL_LITERALS : 0) |
    (asks ? CELL_OBJECTS : 0) |
    (isOpaque ? CELL_OPAQUE : 0) |
    (isTemplate ? CELL_TEMPLATE : 0) |
    (isOdd ? CELL_ODD : 0) |
    (guard.numbers && guard.rules.length > 0 ? CELL_DIGITS : 0);
  view.setUint32(at, name.at, true);
  view.setUint32(at + 4, name.length, true);
  view.setFloat64(at + 8, asks ? low : -Infinity, true);
  view.setFloat64(at + 16, asks ? high : Infinity, true);
  view.setUint32(at + 24, search, true);
  view.setUint32(at + 28, memory.cells.length, true);
  view.setUint32(at + 32, hashes, true);
  view.setUint32(at + 36, isOpaque ? 0 : equal.length, true);
  view.setInt32(at + 40, lengths[0] ?? 0, true);
  view.setInt32(at + 44, lengths[1] ?? 0, true);
  view.setUint32(at + 48, flags, true);
  memory.cells.push(cell);
  return true;
}

/** The cell of an argument that no rule mentions; 0 where there is no room. */
export function putFreeCell(memory: Memory, common: Common): number {
  const at = reserve(memory, CELL_SIZE);
  return at >= 0 && putCell(memory, at, FREE, common, false) ? at : 0;
}

/** The row of a tool; 0 where there is no room, or more arguments than a row has bits. */
export function putRow(memory: Memory, tool: string, row: Row, common: Common, flags: number): number {
  const names = [...row.cells.keys(), ...row.templates.filter((name) => !row.cells.has(name))];
  if (names.length > MOST_CELLS) return 0;
  const name = putText(memory, tool);
  const order = reserve(memory, ORDERED);
  const at = reserve(memory, ROW_CELLS + names.length * CELL_SIZE);
  if (name.at < 0 || order < 0 || at < 0) return 0;
  const { bytes, view } = memory.instance;
  const needed = [0, 0];
  for (let i = 0; i < names.length; i += 1) {
    const arg = names[i] ?? '';
    const cell = row.cells.get(arg) ?? { ...FREE, arg };
    if (!putCell(memory, at + ROW_CELLS + i * CELL_SIZE, cell, common, row.templates.includes(arg))) return 0;
    if (cell.needed) needed[i >> 5] = (needed[i >> 5] ?? 0) | (1 << (i & 31));
    if (i < ORDERED) bytes[order + i] = i;
  }
  view.setInt32(at, needed[0] ?? 0, true);
  view.setInt32(at + 4, needed[1] ?? 0, true);
  view.setUint32(at + 8, names.length, true);
  view.setUint32(at + 12, order, true);
  view.setUint32(at + 16, name.at, true);
  view.setUint32(at + 20, name.length, true);
  view.setUint32(at + 28, flags, true);
  return at;
}
