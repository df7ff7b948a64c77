/**
 * The scanner: whether a plan that is given as bytes surely makes no rule fire. It reads them once, as strictly as the strict reader,
 * and makes nothing of them. What it does not know how to tell it leaves to the full evaluator: it may do so for nothing, and
 * never stays silent where something fires.
 */
import { CAUSE_LIMIT, CAUSE_NONE, CAUSE_PLAN, CAUSE_SHAPE, CAUSE_STEPS, MOST_IDS, PADDING } from '../format';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, pastBlanks, QUOTE } from './bytes';
import { begin, causeOfEnd, leave } from './cause';
import { beginHanded, beginStep, endStep, firingSteps } from './handed';
import { isHarmless } from './host';
import { beginIds } from './ids';
import { areNodesWithin, beginLimits, maxSteps, maxText, takeNode } from './limits';
import { beginNames, openNames, takeName } from './names';
import { readStep } from './step';
import { beginTexts, readString, textEnd, textStart } from './text';
import { pastColon, readValue, watch } from './value';

export { hashOfSmall } from './bytes';
export { setFreeCell } from './args';
export { handedSteps } from './handed';
export { hasId } from './ids';
export { limit, limitSpellings } from './limits';

/** Nesting of what stands in a plan. */
const INSIDE = 2;

/** Of a plan with more steps a rule about the plan as a whole says something. */
let quietSteps: u32 = 0;

export function setQuietSteps(most: u32): void {
  quietSteps = most;
}

/** The id of the plan, where it has one: its place and length. */
let idAt: usize = 0;
let idLength: u32 = 0;

export function planIdAt(): usize {
  return idAt;
}

export function planIdLength(): u32 {
  return idLength;
}

let steps: u32 = 0;

/** How many steps the plan has. */
export function stepCount(): u32 {
  return steps;
}

/** @returns one of `CAUSE_...` */
export function scan(start: usize, length: u32): i32 {
  const end = start + length;
  memory.fill(end, 0, PADDING);
  idAt = 0;
  begin();
  beginIds();
  beginHanded();
  steps = 0;
  beginLimits();
  beginNames();
  beginTexts(maxText);
  // A byte order mark may open a text (RFC 8259 §8.1).
  const marked = length >= 3 && (load<u32>(start) & 0xffffff) == 0xbfbbef;
  const at = readPlan(pastBlanks(marked ? start + 3 : start));
  if (at == 0) return causeOfEnd() == CAUSE_NONE ? CAUSE_SHAPE : causeOfEnd();
  if (pastBlanks(at) != end) return CAUSE_SHAPE;
  if (!areNodesWithin()) return CAUSE_LIMIT;
  return firingSteps() == 0 ? CAUSE_NONE : CAUSE_STEPS;
}

function readPlan(start: usize): usize {
  if (load<u8>(start) != OPEN_OBJECT) return leave(CAUSE_SHAPE);
  takeNode();
  let at = pastBlanks(start + 1);
  const base = openNames();
  let hasSteps = false;
  while (at != 0) {
    if (load<u8>(at) != QUOTE) return leave(CAUSE_SHAPE);
    at = readString(at + 1);
    if (at == 0) return 0;
    takeNode();
    const name = textStart;
    const length = (textEnd - textStart) as u32;
    if (!takeName(base, name, length)) return 0;
    at = pastColon(at);
    if (at == 0) return 0;
    const byte = load<u8>(at);
    if (length == 5 && load<u32>(name) == 0x70657473 && load<u8>(name + 4) == 0x73) {
      hasSteps = true;
      at = readSteps(at);
    } else {
      const wanted = wantedOf(name, length);
      if (wanted == 0 ? isHarmless(name, length, 0) == 0 : wanted != ANY && byte != wanted)
        return leave(CAUSE_SHAPE);
      watch(0, false);
      at = readValue(at, INSIDE);
      if (length == 2 && wanted == QUOTE) {
        idAt = textStart;
        idLength = (textEnd - textStart) as u32;
      }
    }
    if (at == 0) return 0;
    at = pastBlanks(at);
    const next = load<u8>(at);
    at += 1;
    if (next == CLOSE_OBJECT) return hasSteps ? at : leave(CAUSE_SHAPE);
    if (next != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at);
  }
  return 0;
}

const ANY: u8 = 1;

/** With what the value of a member of a plan begins; `ANY`: it is no matter; 0: it is no member of a plan. */
function wantedOf(name: usize, length: u32): u8 {
  const word = load<u32>(name);
  if (length == 2 && (word as u16) == 0x6469) return QUOTE;
  if (length == 4 && word == 0x6c616f67) return QUOTE;
  if (length == 4 && word == 0x6174656d) return ANY;
  if (length == 7 && word == 0x746e6f63 && load<u32>(name + 3) == 0x74786574) return OPEN_OBJECT;
  return 0;
}

function readSteps(start: usize): usize {
  if (load<u8>(start) != OPEN_ARRAY) return leave(CAUSE_SHAPE);
  let at = pastBlanks(start + 1);
  if (load<u8>(at) == CLOSE_ARRAY) return at + 1;
  for (let count: u32 = 1; at != 0; count += 1) {
    if (count > maxSteps || count > (MOST_IDS as u32)) return leave(CAUSE_LIMIT);
    if (count > quietSteps) return leave(CAUSE_PLAN);
    takeNode();
    const from = at;
    beginStep();
    at = readStep(at);
    if (at == 0) return 0;
    endStep(count - 1, from, at);
    steps = count;
    at = pastBlanks(at);
    const byte = load<u8>(at);
    if (byte == CLOSE_ARRAY) return at + 1;
    if (byte != COMMA) return leave(CAUSE_SHAPE);
    at = pastBlanks(at + 1);
  }
  return 0;
}
