/** The arguments of a step, each held against its cell in the row of the tool. */
import {
  CAUSE_NAME,
  CAUSE_SHAPE,
  CELL_DIGITS,
  CELL_LITERALS,
  CELL_OBJECTS,
  CELL_ODD,
  CELL_SIZE,
  CELL_TEMPLATE,
  ORDERED,
  ROW_CELLS,
} from '../format';
import {
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isSame,
  MINUS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  pastBlanks,
  QUOTE,
} from './bytes';
import { leave } from './cause';
import { handOver } from './handed';
import { isName, isQuietNumber } from './host';
import { takeNode } from './limits';
import { closeNames, openNames, takeName } from './names';
import { readNumber, value as lastNumber } from './number';
import { lookAtArgument, lookAtText } from './look';
import { DISGUISED, EDGED, FOREIGN, holdsOpener, marks, readString, textEnd, textStart } from './text';
import { pastColon, readLiteral, readValue, watch } from './value';

/** Nesting of what stands in arguments: plan, steps, step, arguments. */
const INSIDE = 5;

/** What an argument is looked at with that has no cell. */
let freeCell: usize = 0;

export function setFreeCell(cell: usize): void {
  freeCell = cell;
}

/** Reads an object of arguments: the place behind it. */
export function readArgs(start: usize, row: usize): usize {
  if (load<u8>(start) != OPEN_OBJECT) return leave(CAUSE_SHAPE);
  const needed = load<u64>(row);
  let at = pastBlanks(start + 1);
  takeNode();
  if (load<u8>(at) == CLOSE_OBJECT) {
    if (needed != 0) handOver();
    return at + 1;
  }
  const count = load<u32>(row + 8);
  const order = load<u32>(row + 12) as usize;
  const cells = row + ROW_CELLS;
  const base = openNames();
  let seen: u64 = 0;
  let place: usize = 0;
  while (at != 0) {
    if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE);
    at += 1;
    takeNode();
    // Arguments come in the same order most of the time.
    let index: u32 = place < (ORDERED as usize) ? load<u8>(order + place) : 255;
    let cell: usize = freeCell;
    let end: usize = 0;
    if (index < count) {
      cell = cells + (index as usize) * CELL_SIZE;
      const length = load<u32>(cell + 4) as usize;
      if (load<u8>(at + length) == QUOTE && isSame(load<u32>(cell) as usize, at, length as u32))
        end = at + length + 1;
    }
    if (end == 0) {
      end = readString(at);
      if (end == 0) return 0;
      index = indexOf(cells, count);
      if (index < count) {
        cell = cells + (index as usize) * CELL_SIZE;
        if (place < (ORDERED as usize)) store<u8>(order + place, index as u8);
      } else {
        cell = freeCell;
        if (!takeFreeName(base)) return 0;
      }
    }
    if (index < count) {
      const bit = (1 as u64) << (index as u64);
      if (seen & bit) return leave(CAUSE_NAME);
      seen |= bit;
    }
    place += 1;
    // As writers write it.
    at = load<u8>(end) == COLON && load<u8>(end + 1) > 0x20 ? end + 1 : pastColon(end);
    if (at == 0) return 0;
    at = readArgument(at, cell);
    if (at == 0) return 0;
    at = pastBlanks(at);
    const byte = load<u8>(at);
    if (byte == CLOSE_OBJECT) {
      closeNames(base);
      if (needed & ~seen) handOver();
      return at + 1;
    }
    if (byte != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at + 1);
  }
  return 0;
}

/** The cell whose name the last string is; the number of cells where there is none. */
function indexOf(cells: usize, count: u32): u32 {
  const length = (textEnd - textStart) as u32;
  for (let i: u32 = 0; i < count; i += 1) {
    const cell = cells + (i as usize) * CELL_SIZE;
    if (load<u32>(cell + 4) == length && isSame(load<u32>(cell) as usize, textStart, length)) return i;
  }
  return count;
}

/** The name of an argument that no rule mentions: a text like any other. */
function takeFreeName(base: u32): bool {
  const length = (textEnd - textStart) as u32;
  if (!takeName(base, textStart, length)) return false;
  if (holdsOpener()) return leave(CAUSE_NAME) != 0;
  if (marks & (FOREIGN | DISGUISED | EDGED)) return isName(textStart, length) != 0 || leave(CAUSE_NAME) != 0;
  lookAtText(freeCell);
  return true;
}

function readArgument(at: usize, cell: usize): usize {
  const byte = load<u8>(at);
  const flags = load<u32>(cell + 48);
  if (flags & CELL_ODD) return leave(CAUSE_NAME);
  takeNode();
  if (byte == QUOTE) {
    const end = readString(at + 1);
    return end != 0 && lookAtArgument(cell) ? end : 0;
  }
  if (byte == MINUS || (byte >= 0x30 && byte <= 0x39)) {
    const end = readNumber(at);
    if (end == 0) return 0;
    if (!(lastNumber >= load<f64>(cell + 8) && lastNumber <= load<f64>(cell + 16))) handOver();
    else if (flags & CELL_DIGITS && isQuietNumber(lastNumber) == 0) handOver();
    return end;
  }
  if (byte == OPEN_OBJECT || byte == OPEN_ARRAY) {
    if (flags & CELL_OBJECTS) handOver();
    watch(freeCell, (flags & CELL_TEMPLATE) == 0);
    return readValue(at, INSIDE);
  }
  if (flags & CELL_LITERALS) handOver();
  return readLiteral(at);
}
