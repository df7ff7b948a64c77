/**
 * The tree as a program of a few instructions for one direction of scanning, in which "behind" is what the scan
 * has read and "ahead" is what it has not.
 *
 * Lookarounds over what lies behind become programs of their own that run along from the start of the scan;
 * those over what lies ahead cannot be had in this direction.
 */
import type { ScanDirection } from '../../ir/pattern.ts';
import { ALL, type CharSet } from '../syntax/charset.ts';
import { wordBoundary, type PatternNode } from '../syntax/node.ts';
import { TooManyStates, WrongDirection } from '../syntax/refusal.ts';

export type Instruction =
  | { readonly op: 'character'; readonly set: CharSet; readonly next: number }
  | { readonly op: 'split'; next: readonly number[] }
  | {
      readonly op: 'near';
      readonly side: 'behind' | 'ahead';
      readonly set: CharSet;
      readonly edge: boolean;
      readonly next: number;
    }
  /** Goes on where lookaround number `look` holds (does not hold, if `negate`). */
  | { readonly op: 'look'; readonly look: number; readonly negate: boolean; readonly next: number }
  | { readonly op: 'match' };

export interface Code {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** The instruction that loops over the text before a match begins. */
  readonly search: number;
}

export interface Program {
  readonly main: Code;
  /** Each uses lookarounds of lower number only. */
  readonly looks: readonly Code[];
}

/**
 * @throws WrongDirection for a lookaround over what lies ahead.
 * @throws TooManyStates when repetitions write out to more than `limit` instructions.
 */
export function buildProgram(node: PatternNode, direction: ScanDirection, limit: number): Program {
  const looks: Code[] = [];
  const main = build(node, direction, limit, looks);
  return { main, looks };
}

function build(root: PatternNode, direction: ScanDirection, limit: number, looks: Code[]): Code {
  const instructions: Instruction[] = [];
  const add = (instruction: Instruction): number => {
    if (instructions.length >= limit) throw new TooManyStates('program');
    return instructions.push(instruction) - 1;
  };
  const sideOf = (side: 'before' | 'after'): 'behind' | 'ahead' =>
    (side === 'before') === (direction === 'forward') ? 'behind' : 'ahead';

  /** A loop head must exist before its body; it learns where to go afterwards. */
  const loop = (body: (head: number) => readonly number[]): number => {
    const head: Instruction = { op: 'split', next: [] };
    const at = add(head);
    head.next = body(at);
    return at;
  };

  function emit(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'set':
        return add({ op: 'character', set: node.set, next });
      case 'sequence': {
        const items = direction === 'forward' ? [...node.items].reverse() : node.items;
        return items.reduce((after, item) => emit(item, after), next);
      }
      case 'choice':
        return add({ op: 'split', next: node.items.map((item) => emit(item, next)) });
      case 'repeat': {
        let after = next;
        if (node.max === Infinity) {
          after = loop((head) => [emit(node.body, head), next]);
        } else {
          for (let i = node.min; i < node.max; i++) {
            after = add({ op: 'split', next: [emit(node.body, after), next] });
          }
        }
        for (let i = 0; i < node.min; i++) after = emit(node.body, after);
        return after;
      }
      case 'near':
        return add({ op: 'near', side: sideOf(node.side), set: node.set, edge: node.edge, next });
      case 'word':
        return emit(wordBoundary(node), next);
      case 'look': {
        if (sideOf(node.side) === 'ahead') throw new WrongDirection(node.span);
        looks.push(build(node.body, direction, limit, looks));
        return add({ op: 'look', look: looks.length - 1, negate: node.negate, next });
      }
    }
  }

  const first = emit(root, add({ op: 'match' }));
  const search = loop((head) => [first, add({ op: 'character', set: ALL, next: head })]);
  return { instructions, start: search, search };
}
