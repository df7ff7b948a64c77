/** The ids of the steps that have been read. */
import { CAUSE_SHAPE, ID_SLOTS, IDS } from '../format';
import { hashOf, isSame } from './bytes';
import { leave } from './cause';
import { DISGUISED, marks, textEnd, textStart } from './text';

/** Slots of another plan are free. */
let plan: u32 = 0;

export function beginIds(): void {
  plan += 1;
  if (plan != 0) return;
  memory.fill(IDS, 0, ID_SLOTS * 16);
  plan = 1;
}

function slotOf(hash: u32, at: usize, length: u32): usize {
  let place = hash & (ID_SLOTS - 1);
  let slot = slotAt(place);
  while (load<u32>(slot + 4) == plan) {
    const isHashed = load<u32>(slot) == hash && load<u32>(slot + 12) == length;
    if (isHashed && isSame(load<u32>(slot + 8) as usize, at, length)) return slot;
    place = (place + 1) & (ID_SLOTS - 1);
    slot = slotAt(place);
  }
  return slot;
}

function slotAt(place: u32): usize {
  return (IDS as usize) + ((place as usize) << 4);
}

/** Whether a step in front of this one has this id. */
export function hasId(at: usize, length: u32): bool {
  return load<u32>(slotOf(hashOf(at, length) as u32, at, length) + 4) == plan;
}

/** Takes the id of a step, which no other has. */
export function takeId(at: usize, length: u32): bool {
  const hash = hashOf(at, length) as u32;
  const slot = slotOf(hash, at, length);
  if (load<u32>(slot + 4) == plan) return leave(CAUSE_SHAPE) != 0;
  store<u32>(slot, hash);
  store<u32>(slot + 4, plan);
  store<u32>(slot + 8, at as u32);
  store<u32>(slot + 12, length);
  return true;
}

/** Whether a reference can surely name a step with the last string as its id (`references.ts`). */
export function isNameable(): bool {
  if (textEnd == textStart || marks & DISGUISED) return false;
  // Of characters that are not ASCII some are white space; those that are have another spelling.
  for (let at = textStart; at < textEnd; at += 1) {
    const byte = load<u8>(at);
    if (byte <= 0x20 || (byte >= 0x7b && byte < 0x80)) return false;
    // `.result` would end the id.
    if (byte == 0x2e && load<u32>(at + 1) == 0x75736572) return false;
  }
  return true;
}
