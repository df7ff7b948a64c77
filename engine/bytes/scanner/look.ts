/** Whether the last string may make a rule fire: its step is then handed over. */
import {
  CAUSE_REFERENCE,
  CELL_COMPARES,
  CELL_OBJECTS,
  CELL_OPAQUE,
  CELL_TEMPLATE,
  CELL_TEXTS,
} from '../format';
import { hashOfSmall } from './bytes';
import { leave } from './cause';
import { handOver, mayFire, takeReference } from './handed';
import { isQuiet, referencesIn } from './host';
import { takeDependencies } from './limits';
import { holdsOne } from './search';
import { DISGUISED, EDGED, holdsOpener, marks, textEnd, textStart } from './text';

/** Looks at it as an argument, in its cell; whether the references in it are to steps in front of this one. */
export function lookAtArgument(cell: usize): bool {
  const flags = load<u32>(cell + 48);
  if (!(flags & CELL_TEMPLATE) && holdsOpener()) {
    // What is not known may be anything that a rule looks for.
    if (flags & CELL_OBJECTS) handOver();
    return readReferences();
  }
  if (flags & CELL_TEXTS) handOver();
  else lookAtText(cell);
  return true;
}

/** A text with an opener. */
export function readReferences(): bool {
  takeReference();
  const answer = referencesIn(textStart, (textEnd - textStart) as u32);
  if (answer == 0) return leave(CAUSE_REFERENCE) != 0;
  if (answer < 0) handOver();
  return takeDependencies((abs(answer) - 1) as u32);
}

/** Nothing in it is a reference. */
export function lookAtText(cell: usize): void {
  if (mayFire || !mayTrip(cell)) return;
  const length = (textEnd - textStart) as u32;
  if (isQuiet(textStart, length, load<u32>(cell + 28) as i32) == 0) handOver();
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
