/**
 * Steps that are handed over to be read and asked: those on which a rule may fire, and those that hold references, for what is not
 * known in a plan bears on how it is asked.
 */
import { HANDED, HANDED_SIZE } from '../format';

/** A rule may fire on the step that is being read: its further texts need no look. */
export let mayFire: bool = false;
let refers: bool = false;
let count: u32 = 0;
let firing: u32 = 0;

export function beginHanded(): void {
  count = 0;
  firing = 0;
}

export function beginStep(): void {
  mayFire = false;
  refers = false;
}

/** A rule may fire on the step. */
export function handOver(): void {
  mayFire = true;
}

/** A text of the step holds a reference. */
export function takeReference(): void {
  refers = true;
}

/** Notes a step that is handed over: its place in the plan and in the text. */
export function endStep(index: u32, start: usize, end: usize): void {
  if (!mayFire && !refers) return;
  if (mayFire) firing += 1;
  const entry = (HANDED as usize) + (count as usize) * HANDED_SIZE;
  store<u32>(entry, index);
  store<u32>(entry + 4, start as u32);
  store<u32>(entry + 8, end as u32);
  count += 1;
}

/** On how many steps a rule may fire. */
export function firingSteps(): u32 {
  return firing;
}

/** How many steps the host may have. */
export function handedSteps(): u32 {
  return count;
}
