/**
 * The pattern as a tree of few kinds, all of them over code points, with flags and case folding worked in.
 * Laziness and captures are gone: a yes or no cannot tell them.
 */
import { ALL, complement, equal, NONE, union, type CharSet } from './charset.ts';
import type { Span } from './refusal.ts';

/** One character out of a set. */
export interface SetNode {
  readonly kind: 'set';
  readonly set: CharSet;
}
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly PatternNode[];
}
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly items: readonly PatternNode[];
}
export interface RepeatNode {
  readonly kind: 'repeat';
  readonly body: PatternNode;
  readonly min: number;
  /** `Infinity` where there is no upper bound. */
  readonly max: number;
  readonly span: Span;
}
/**
 * Asserts that the character before or after this place is in the set, or that the text ends there and `edge`
 * is true. `^`, `$` and lookarounds over one character are all this.
 */
export interface NearNode {
  readonly kind: 'near';
  readonly side: 'before' | 'after';
  readonly set: CharSet;
  readonly edge: boolean;
}
/** `\b` or `\B`, with the word characters it goes by. */
export interface WordNode {
  readonly kind: 'word';
  readonly negate: boolean;
  readonly set: CharSet;
}
/** A lookaround over more than one character. */
export interface LookNode {
  readonly kind: 'look';
  readonly side: 'before' | 'after';
  readonly negate: boolean;
  readonly body: PatternNode;
  readonly span: Span;
}
export type PatternNode = SetNode | SequenceNode | ChoiceNode | RepeatNode | NearNode | WordNode | LookNode;

export const EMPTY: SequenceNode = { kind: 'sequence', items: [] };

export function sequence(items: readonly PatternNode[]): PatternNode {
  const flat = items.flatMap((item) => (item.kind === 'sequence' ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind: 'sequence', items: flat };
}

/** Alternatives of one character each become one set. */
export function choice(items: readonly PatternNode[]): PatternNode {
  const flat = items.flatMap((item) => (item.kind === 'choice' ? item.items : [item]));
  const [only] = flat;
  if (flat.length === 1 && only) return only;
  const sets = flat.flatMap((item) => (item.kind === 'set' ? [item.set] : []));
  if (sets.length === flat.length) return { kind: 'set', set: union(...sets) };
  return { kind: 'choice', items: flat };
}

/** Can the node match without consuming a character? Assertions count as yes. */
export function nullable(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(nullable);
    case 'choice':
      return node.items.some(nullable);
    case 'repeat':
      return node.min === 0 || nullable(node.body);
    default:
      return true;
  }
}

/** Does the node never consume a character? */
export function isAssertion(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
    case 'choice':
      return node.items.every(isAssertion);
    case 'repeat':
      return isAssertion(node.body);
    default:
      return true;
  }
}

/** Characters a non-empty match may begin with; a superset. */
export function firstSet(node: PatternNode): CharSet {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'sequence': {
      const end = node.items.findIndex((item) => !nullable(item));
      return union(NONE, ...node.items.slice(0, end < 0 ? undefined : end + 1).map(firstSet));
    }
    case 'choice':
      return union(NONE, ...node.items.map(firstSet));
    case 'repeat':
      return node.max === 0 ? NONE : firstSet(node.body);
    default:
      return NONE;
  }
}

/** `\b` and `\B` as assertions on both neighbours. */
export function wordBoundary(node: WordNode): PatternNode {
  const near = (side: 'before' | 'after', inside: boolean): NearNode =>
    inside
      ? { kind: 'near', side, set: node.set, edge: false }
      : { kind: 'near', side, set: complement(node.set), edge: true };
  const pair = (before: boolean, after: boolean): PatternNode =>
    sequence([near('before', before), near('after', after)]);
  return node.negate
    ? choice([pair(true, true), pair(false, false)])
    : choice([pair(true, false), pair(false, true)]);
}

/** A lookaround, as an assertion on one neighbour where its body allows. */
export function look(node: Omit<LookNode, 'kind'>): PatternNode {
  const neighbour = oneNeighbour(node.body, node.side);
  if (!neighbour) return { kind: 'look', ...node };
  const { set, edge } = neighbour;
  return node.negate
    ? { kind: 'near', side: node.side, set: complement(set), edge: !edge }
    : { kind: 'near', side: node.side, set, edge };
}

function oneNeighbour(
  body: PatternNode,
  side: 'before' | 'after',
): { set: CharSet; edge: boolean } | undefined {
  if (body.kind === 'set') return { set: body.set, edge: false };
  if (body.kind === 'near' && body.side === side) return body;
  if (body.kind === 'sequence' && body.items.length === 0) return { set: ALL, edge: true };
  if (body.kind !== 'choice') return undefined;
  const parts = body.items.map((item) => oneNeighbour(item, side));
  const known = parts.flatMap((part) => part ?? []);
  if (known.length < parts.length) return undefined;
  return { set: union(...known.map((part) => part.set)), edge: known.some((part) => part.edge) };
}

/** True for `^` without the multiline flag. */
export function isTextStart(node: PatternNode): boolean {
  return node.kind === 'near' && node.side === 'before' && node.edge && equal(node.set, NONE);
}

/** Calls `visit` on the node and everything below it. */
export function walk(node: PatternNode, visit: (node: PatternNode) => void): void {
  visit(node);
  if (node.kind === 'sequence' || node.kind === 'choice') for (const item of node.items) walk(item, visit);
  if (node.kind === 'repeat' || node.kind === 'look') walk(node.body, visit);
}
