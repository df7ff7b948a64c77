/** Whether the last string surely makes no rule fire. */
import {
  CAUSE_REFERENCE,
  CAUSE_RULE,
  CELL_COMPARES,
  CELL_OBJECTS,
  CELL_OPAQUE,
  CELL_TEMPLATE,
  CELL_TEXTS,
} from '../format';
import { hashOfSmall } from './bytes';
import { leave } from './cause';
import { isQuiet, referencesIn } from './host';
import { takeDependencies } from './limits';
import { holdsOne } from './search';
import { DISGUISED, EDGED, holdsOpener, marks, textEnd, textStart } from './text';

/** As an argument, in its cell. */
export function isQuietArgument(cell: usize): bool {
  const flags = load<u32>(cell + 48);
  if (!(flags & CELL_TEMPLATE) && holdsOpener()) {
    // What is not known may be anything that a rule looks for.
    if (flags & CELL_OBJECTS) return leave(CAUSE_REFERENCE) != 0;
    return isQuietReference(load<u32>(cell + 28) as i32);
  }
  if (flags & CELL_TEXTS) return leave(CAUSE_RULE) != 0;
  return isQuietText(cell);
}

/** A text with an opener, of the cell of this number or of none. */
export function isQuietReference(cell: i32): bool {
  const answer = referencesIn(textStart, (textEnd - textStart) as u32, cell);
  if (answer == 0) return leave(CAUSE_REFERENCE) != 0;
  return takeDependencies((answer - 1) as u32);
}

/** Nothing in it is a reference. */
export function isQuietText(cell: usize): bool {
  if (!mayTrip(cell)) return true;
  const length = (textEnd - textStart) as u32;
  return isQuiet(textStart, length, load<u32>(cell + 28) as i32) != 0 || leave(CAUSE_RULE) != 0;
}

/** It may trip for nothing: the host then looks closely. */
function mayTrip(cell: usize): bool {
  const flags = load<u32>(cell + 48);
  const search = load<u32>(cell + 24) as usize;
  const compares = (flags & CELL_COMPARES) != 0;
  if (flags & CELL_OPAQUE) return true;
  if (search == 0 && !compares) return false;
  if (marks & DISGUISED) return true;
  if (search != 0 && holdsOne(search, textStart, textEnd)) return true;
  return compares && mayBeOne(cell);
}

/** Whether it may be one of the texts of a cell, in whatever case. */
function mayBeOne(cell: usize): bool {
  if (marks & EDGED) return true;
  const length = (textEnd - textStart) as u32;
  if (((load<u64>(cell + 40) >> ((length & 63) as u64)) & 1) == 0) return false;
  const hash = hashOfSmall(textStart, length);
  const first = load<u32>(cell + 32) as usize;
  const count = load<u32>(cell + 36);
  for (let i: u32 = 0; i < count; i += 1) if (load<u64>(first + ((i as usize) << 3)) == hash) return true;
  return false;
}
