/**
 * Drops what a search anywhere cannot observe: optional parts where a match may begin or end. `a*b+` finds the
 * same texts as `b`, and the automata get smaller by a lot.
 *
 * An optional part at the edge can always be left out by choosing zero repetitions, and its neighbours' assertions
 * look at the text, not at the match; so this holds for parts with assertions too.
 */
import { choice, look, sequence, type PatternNode } from './node.ts';

interface Edges {
  readonly start: boolean;
  readonly end: boolean;
}

export function trimSearch(node: PatternNode): PatternNode {
  return trim(node, { start: true, end: true });
}

function trim(node: PatternNode, edges: Edges): PatternNode {
  switch (node.kind) {
    case 'sequence':
      return trimSequence(node.items, edges);
    case 'choice': {
      const items = node.items.map((item) => trim(item, edges));
      // One alternative that is always there makes the others unobservable.
      return items.find(isNothing) ?? choice(items);
    }
    case 'repeat': {
      if (node.min === 0) return sequence([]);
      const { body, min } = node;
      return min === 1 ? trim(body, edges) : { ...node, max: min };
    }
    case 'look':
      return trimLook(node, edges);
    default:
      return node;
  }
}

function trimSequence(items: readonly PatternNode[], edges: Edges): PatternNode {
  const left = [...items];
  if (edges.start) trimFrom(left, 'start', edges);
  if (edges.end) trimFrom(left, 'end', edges);
  return sequence(
    left.map((item) => (item.kind === 'look' ? trimLook(item, { start: false, end: false }) : item)),
  );
}

function trimFrom(items: PatternNode[], side: 'start' | 'end', edges: Edges): void {
  for (;;) {
    const index = side === 'start' ? 0 : items.length - 1;
    const item = items[index];
    if (!item) return;
    const alone = items.length === 1;
    const trimmed = trim(item, {
      start: edges.start && (side === 'start' || alone),
      end: edges.end && (side === 'end' || alone),
    });
    const parts = trimmed.kind === 'sequence' ? trimmed.items : [trimmed];
    items.splice(index, 1, ...parts);
    if (parts.length > 0) return;
  }
}

/**
 * A positive lookbehind where the match begins, or lookahead where it ends, is part of the match for all a yes or
 * no can tell. Inside a lookaround the far end is an edge of its own.
 */
function trimLook(node: Extract<PatternNode, { kind: 'look' }>, edges: Edges): PatternNode {
  const far = { start: node.side === 'before', end: node.side === 'after' };
  const body = trim(node.body, far);
  const outward = node.side === 'before' ? edges.start : edges.end;
  if (!node.negate && outward) return body;
  return look({ ...node, body });
}

function isNothing(node: PatternNode): boolean {
  return node.kind === 'sequence' && node.items.length === 0;
}
