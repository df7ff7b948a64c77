/** One step of a plan. */
import {
  CAUSE_LIMIT,
  CAUSE_NAME,
  CAUSE_ORDER,
  CAUSE_PLAN,
  CAUSE_SHAPE,
  NO_ROOM,
  ROW_ASKS,
  ROW_GOVERNED,
  TOOL_SLOTS,
  TOOLS,
} from '../format';
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  hashOf,
  isSame,
  OPEN_ARRAY,
  OPEN_OBJECT,
  pastBlanks,
  QUOTE,
} from './bytes';
import { readArgs } from './args';
import { leave } from './cause';
import { handOver } from './handed';
import { isHarmless, rowOf } from './host';
import { hasId, isNameable, takeId } from './ids';
import { takeDependencies, takeNode } from './limits';
import { closeNames, openNames, takeName } from './names';
import { readString, textEnd, textStart } from './text';
import { pastColon, readValue, watch } from './value';

/** Nesting of what stands in a step. */
const INSIDE = 4;

/** Members of a step, a bit each. */
const NOWHERE = 0;
const ID = 1;
const TOOL = 2;
const ARGS = 4;
const DEPENDS_ON = 8;
const OTHER = 16;
/** What every step has. */
const WHOLE = ID | TOOL | ARGS;

let idAt: usize = 0;
let idLength: u32 = 0;
let row: usize = 0;
/** Arguments that stand in front of the tool. */
let argsAt: usize = 0;
/** Behind the name of the last member. */
let nameEnd: usize = 0;

/** Reads a step: the place behind it. */
export function readStep(start: usize): usize {
  if (load<u8>(start) != OPEN_OBJECT) return leave(CAUSE_SHAPE);
  let at = pastBlanks(start + 1);
  let seen = 0;
  const base = openNames();
  row = 0;
  argsAt = 0;
  while (at != 0) {
    const member = readMember(at, base);
    if (member == NOWHERE) return 0;
    takeNode();
    // Of the others each has its name taken.
    if (member != OTHER && seen & member) return leave(CAUSE_NAME);
    seen |= member;
    at = pastColon(nameEnd);
    if (at == 0) return 0;
    if (member == ID) at = readId(at);
    else if (member == TOOL) at = readTool(at);
    else if (member == DEPENDS_ON) at = readDependencies(at);
    else if (member == OTHER) at = pastValue(at, true);
    else if (row != 0) at = readArgs(at, row);
    else {
      argsAt = at;
      at = pastValue(at, false);
    }
    if (at == 0) return 0;
    at = pastBlanks(at);
    const byte = load<u8>(at);
    at += 1;
    if (byte == CLOSE_OBJECT) break;
    if (byte != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at);
  }
  if ((seen & WHOLE) != WHOLE) return leave(CAUSE_SHAPE);
  closeNames(base);
  if (argsAt != 0 && readArgs(argsAt, row) == 0) return 0;
  return takeId(idAt, idLength) ? at : 0;
}

/** Which member begins here; `nameEnd` is then behind its name. */
function readMember(at: usize, base: u32): i32 {
  // Nearly all are one of these, written without an escape; with their quotes.
  const word = load<u64>(at);
  const six = word & 0xffffffffffff;
  if ((word as u32) == 0x22646922) {
    nameEnd = at + 4;
    return ID;
  }
  nameEnd = at + 6;
  if (six == 0x226c6f6f7422) return TOOL;
  if (six == 0x227367726122) return ARGS;
  if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE) as i32;
  nameEnd = readString(at + 1);
  if (nameEnd == 0) return NOWHERE;
  const length = (textEnd - textStart) as u32;
  const known = knownMember(textStart, length);
  if (known != OTHER) return known;
  if (!takeName(base, textStart, length)) return NOWHERE;
  if (isMeta(textStart, length) || isHarmless(textStart, length, 1) != 0) return OTHER;
  return leave(CAUSE_SHAPE) as i32;
}

function knownMember(name: usize, length: u32): i32 {
  const word = load<u64>(name);
  if (length == 2 && (word as u16) == 0x6469) return ID;
  if (length == 4 && (word as u32) == 0x6c6f6f74) return TOOL;
  if (length == 4 && (word as u32) == 0x73677261) return ARGS;
  if (length == 10 && isParameters(name)) return ARGS;
  return length == 10 && isDependsOn(name) ? DEPENDS_ON : OTHER;
}

/** A value of which only references matter, if that. */
function pastValue(at: usize, refers: bool): usize {
  watch(0, refers);
  return readValue(at, INSIDE);
}

function readId(at: usize): usize {
  if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE);
  takeNode();
  const end = readString(at + 1);
  if (end == 0) return 0;
  if (!isNameable()) return leave(CAUSE_SHAPE);
  idAt = textStart;
  idLength = (textEnd - textStart) as u32;
  return end;
}

function readTool(at: usize): usize {
  if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE);
  takeNode();
  const end = readString(at + 1);
  if (end == 0) return 0;
  row = rowAt(textStart, (textEnd - textStart) as u32);
  if (row == 0) return leave(CAUSE_SHAPE);
  if (row == (NO_ROOM as usize)) return leave(CAUSE_LIMIT);
  const flags = load<u32>(row + 28);
  if (flags & ROW_GOVERNED) return leave(CAUSE_PLAN);
  if (flags & ROW_ASKS) handOver();
  return end;
}

/** The row of a tool, made when it is first met. */
function rowAt(name: usize, length: u32): usize {
  const hash = hashOf(name, length) as u32;
  let place = hash & (TOOL_SLOTS - 1);
  let slot = slotAt(place);
  for (let known = rowIn(slot); known != 0; known = rowIn(slot)) {
    const isHashed = load<u32>(slot) == hash && load<u32>(known + 20) == length;
    if (isHashed && isSame(load<u32>(known + 16) as usize, name, length)) return known;
    place = (place + 1) & (TOOL_SLOTS - 1);
    slot = slotAt(place);
  }
  const made = rowOf(name, length);
  if (made <= (NO_ROOM as usize)) return made;
  store<u32>(slot, hash);
  store<u32>(slot + 4, made as u32);
  return made;
}

function slotAt(place: u32): usize {
  return (TOOLS as usize) + ((place as usize) << 3);
}

function rowIn(slot: usize): usize {
  return load<u32>(slot + 4) as usize;
}

/** Ids of steps that stand in front of this one: then none is missing, and there is no circle. */
function readDependencies(start: usize): usize {
  if (load<u8>(start) != OPEN_ARRAY) return leave(CAUSE_SHAPE);
  takeNode();
  let at = pastBlanks(start + 1);
  if (load<u8>(at) == CLOSE_ARRAY) return at + 1;
  while (at != 0) {
    if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE);
    takeNode();
    at = readString(at + 1);
    if (at == 0) return 0;
    if (!hasId(textStart, (textEnd - textStart) as u32)) return leave(CAUSE_ORDER);
    if (!takeDependencies(1)) return 0;
    at = pastBlanks(at);
    const byte = load<u8>(at);
    if (byte == CLOSE_ARRAY) return at + 1;
    if (byte != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at + 1);
  }
  return 0;
}

/** `parameters` */
function isParameters(name: usize): bool {
  return load<u64>(name) == 0x6574656d61726170 && load<u16>(name + 8) == 0x7372;
}

/** `depends_on` */
function isDependsOn(name: usize): bool {
  return load<u64>(name) == 0x5f73646e65706564 && load<u16>(name + 8) == 0x6e6f;
}

/** `meta`, `on_fail` */
function isMeta(name: usize, length: u32): bool {
  const word = load<u32>(name);
  if (length == 4) return word == 0x6174656d;
  return length == 7 && word == 0x665f6e6f && load<u32>(name + 3) == 0x6c696166;
}
