/** Limits of one plan: what may be beyond one is left to the full evaluator, which counts exactly. */
import { CAUSE_LIMIT } from '../format';
import { leave } from './cause';

export let maxText: u32 = 0;
export let maxDepth: i32 = 0;
export let maxSteps: u32 = 0;
let maxNodes: u32 = 0;
let maxDependencies: u32 = 0;
let nodes: u32 = 0;
let dependencies: u32 = 0;

export function limit(text: u32, depth: i32, steps: u32, values: u32, links: u32): void {
  maxText = text;
  maxDepth = depth;
  maxSteps = steps;
  maxNodes = values;
  maxDependencies = links;
}

/** Of texts that may be read in another way than they are written: how many of one plan, and their bytes. */
export let maxRespelled: u32 = 0;
export let maxRespelledText: u32 = 0;

export function limitSpellings(texts: u32, bytes: u32): void {
  maxRespelled = texts;
  maxRespelledText = bytes;
}

export function beginLimits(): void {
  nodes = 0;
  dependencies = 0;
}

/** Counts a value or a name. */
export function takeNode(): void {
  nodes += 1;
}

/** Whether there are no more values than may be; asked once, when all of them have been read. */
export function areNodesWithin(): bool {
  return nodes <= maxNodes;
}

export function takeDependencies(count: u32): bool {
  dependencies += count;
  return dependencies <= maxDependencies || leave(CAUSE_LIMIT) != 0;
}
