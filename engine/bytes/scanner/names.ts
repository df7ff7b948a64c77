/** The names of an object's members: none may be there twice. */
import { CAUSE_LIMIT, CAUSE_NAME, MOST_NAMES, NAMES } from '../format';
import { isSame } from './bytes';
import { leave } from './cause';

/** Names of objects that are open, those of the innermost last. */
let top: u32 = 0;

/** Of objects with more members than this nobody compares each with each. */
const MOST_MEMBERS: u32 = 64;

export function beginNames(): void {
  top = 0;
}

export function openNames(): u32 {
  return top;
}

export function closeNames(base: u32): void {
  top = base;
}

/** Takes a name that no other member of the object has, whose names begin at `base`. */
export function takeName(base: u32, at: usize, length: u32): bool {
  if (top - base >= MOST_MEMBERS || top >= (MOST_NAMES as u32)) return leave(CAUSE_LIMIT) != 0;
  for (let i = base; i < top; i += 1) {
    const name = (NAMES as usize) + ((i as usize) << 3);
    if (load<u32>(name + 4) == length && isSame(load<u32>(name), at, length)) return leave(CAUSE_NAME) != 0;
  }
  const own = (NAMES as usize) + ((top as usize) << 3);
  store<u32>(own, at as u32);
  store<u32>(own + 4, length);
  top += 1;
  return true;
}
