/** Any value, strictly; its texts are held against the rules of every text where they stand in arguments. */
import { CAUSE_LIMIT, CAUSE_NAME, CAUSE_SHAPE, CELL_DIGITS } from '../format';
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  MINUS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  pastBlanks,
  QUOTE,
} from './bytes';
import { leave } from './cause';
import { handOver } from './handed';
import { isQuietNumber } from './host';
import { maxDepth, takeNode } from './limits';
import { closeNames, openNames, takeName } from './names';
import { readNumber, value as lastNumber } from './number';
import { lookAtText, readReferences } from './look';
import { holdsOpener, readString, textEnd, textStart } from './text';

/** The cell of no argument, or 0 where nothing is looked at. */
let watching: usize = 0;
/** Whether texts may hold references here. */
let refers: bool = false;

/** Sets what the values that follow are held against. */
export function watch(cell: usize, reads: bool): void {
  watching = cell;
  refers = reads;
}

/** Reads a value whose own nesting is `depth`: the place behind it. */
export function readValue(at: usize, depth: i32): usize {
  takeNode();
  const byte = load<u8>(at);
  if (byte == QUOTE) return readText(at + 1);
  if (byte == OPEN_OBJECT) return depth > maxDepth ? leave(CAUSE_LIMIT) : readObject(at + 1, depth);
  if (byte == OPEN_ARRAY) return depth > maxDepth ? leave(CAUSE_LIMIT) : readArray(at + 1, depth);
  if (byte == MINUS || (byte >= 0x30 && byte <= 0x39)) {
    const end = readNumber(at);
    const looks = end != 0 && watching != 0 && (load<u32>(watching + 48) & CELL_DIGITS) != 0;
    if (looks && isQuietNumber(lastNumber) == 0) handOver();
    return end;
  }
  return readLiteral(at);
}

/** `true`, `false`, `null`. */
export function readLiteral(at: usize): usize {
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4;
  if (word == 0x736c6166 && load<u8>(at + 4) == 0x65) return at + 5;
  return leave(CAUSE_SHAPE);
}

function readText(start: usize): usize {
  const end = readString(start);
  if (end == 0) return 0;
  if (refers && holdsOpener()) return readReferences() ? end : 0;
  if (watching != 0) lookAtText(watching);
  return end;
}

function readArray(start: usize, depth: i32): usize {
  let at = pastBlanks(start);
  if (load<u8>(at) == CLOSE_ARRAY) return at + 1;
  while (at != 0) {
    at = readValue(at, depth + 1);
    if (at == 0) return 0;
    at = pastBlanks(at);
    const byte = load<u8>(at);
    if (byte == CLOSE_ARRAY) return at + 1;
    if (byte != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at + 1);
  }
  return 0;
}

function readObject(start: usize, depth: i32): usize {
  let at = pastBlanks(start);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  const base = openNames();
  while (at != 0) {
    if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE);
    at = readString(at + 1);
    if (at == 0) return 0;
    takeNode();
    if (!takeName(base, textStart, (textEnd - textStart) as u32)) return 0;
    // A name is a text like any other, and no place for a reference.
    if (refers && holdsOpener()) return leave(CAUSE_NAME);
    if (watching != 0) lookAtText(watching);
    at = pastColon(at);
    if (at == 0) return 0;
    at = readValue(at, depth + 1);
    if (at == 0) return 0;
    at = pastBlanks(at);
    const byte = load<u8>(at);
    if (byte == CLOSE_OBJECT) {
      closeNames(base);
      return at + 1;
    }
    if (byte != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at + 1);
  }
  return 0;
}

/** The value of a member whose name ends at `at`. */
export function pastColon(at: usize): usize {
  at = pastBlanks(at);
  return load<u8>(at) == COLON ? pastBlanks(at + 1) : leave(CAUSE_SHAPE);
}
