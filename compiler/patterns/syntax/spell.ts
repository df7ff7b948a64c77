/**
 * Negative lookarounds at the edge of the match, spelt out. What a match consumes at its edge a search cannot tell,
 * so "not followed by `bar`" can be said as "followed by no `b`; or by `b` and then no `a`; or by `ba` and then no
 * `r`". That needs no automaton of its own, and so works in a pattern whose other lookarounds need the other
 * direction.
 */
import { ALL, complement, disjoint, intersect, NONE, union, type CharSet } from './charset.ts';
import { choice, sequence, type LookNode, type PatternNode } from './node.ts';

/** Most words that a lookaround's body may be, and most characters in all of them. */
const MOST_WORDS = 32;
const MOST_CHARACTERS = 200;

/** The same node where there is nothing to spell out. */
export function spellOutLooks(node: PatternNode): PatternNode {
  return spell(node, true, true);
}

function spell(node: PatternNode, start: boolean, end: boolean): PatternNode {
  switch (node.kind) {
    case 'choice': {
      const items = node.items.map((item) => spell(item, start, end));
      return items.every((item, i) => item === node.items[i]) ? node : choice(items);
    }
    case 'sequence': {
      const last = node.items.length - 1;
      const items = node.items.map((item, i) => spell(item, start && i === 0, end && i === last));
      return items.every((item, i) => item === node.items[i]) ? node : sequence(items);
    }
    case 'look':
      return spellLook(node, start, end);
    default:
      return node;
  }
}

function spellLook(node: LookNode, start: boolean, end: boolean): PatternNode {
  const atEdge = node.side === 'before' ? start : end;
  if (!node.negate || !atEdge) return node;
  const words = wordsOf(node.body);
  if (!words || words.flat().length > MOST_CHARACTERS) return node;
  // Nearest character first.
  return noneOf(node.side === 'before' ? words.map((word) => [...word].reverse()) : words, node.side);
}

type Word = readonly CharSet[];

/** The body as a few words of character sets; `undefined` for anything with loops or assertions. */
function wordsOf(node: PatternNode): readonly Word[] | undefined {
  switch (node.kind) {
    case 'set':
      return [[node.set]];
    case 'choice': {
      const lists = node.items.map(wordsOf);
      const known = lists.flatMap((list) => list ?? []);
      return lists.includes(undefined) || known.length > MOST_WORDS ? undefined : known;
    }
    case 'sequence':
      return product(node.items);
    case 'repeat': {
      if (node.max > MOST_WORDS) return undefined;
      const counts = Array.from({ length: node.max - node.min + 1 }, (_, i) => node.min + i);
      const lists = counts.map((count) => product(Array.from({ length: count }, () => node.body)));
      const known = lists.flatMap((list) => list ?? []);
      return lists.includes(undefined) || known.length > MOST_WORDS ? undefined : known;
    }
    default:
      return undefined;
  }
}

function product(parts: readonly PatternNode[]): readonly Word[] | undefined {
  let words: readonly Word[] = [[]];
  for (const part of parts) {
    const next = wordsOf(part);
    if (!next || next.length * words.length > MOST_WORDS) return undefined;
    words = words.flatMap((word) => next.map((more) => [...word, ...more]));
  }
  return words;
}

/** Matches where none of the words stands, going away from the match. */
function noneOf(words: readonly Word[], side: 'before' | 'after'): PatternNode {
  if (words.some((word) => word.length === 0)) return { kind: 'set', set: NONE };
  const firsts = words.map(([first = NONE]) => first);
  const outside: PatternNode = { kind: 'near', side, set: complement(union(...firsts)), edge: true };
  const further = atoms(firsts).map((atom) => {
    const rest = words.flatMap(([first = NONE, ...tail]) => (disjoint(first, atom) ? [] : [tail]));
    const here: PatternNode = { kind: 'set', set: atom };
    const beyond = noneOf(rest, side);
    return sequence(side === 'after' ? [here, beyond] : [beyond, here]);
  });
  return choice([outside, ...further]);
}

/** The union of the sets, cut into parts that each set has as a whole or not at all. */
function atoms(sets: readonly CharSet[]): readonly CharSet[] {
  let parts: readonly CharSet[] = [ALL];
  for (const set of sets) {
    parts = parts.flatMap((part) => [intersect(part, set), intersect(part, complement(set))]);
    parts = parts.filter((part) => part.length > 0);
  }
  const all = union(...sets);
  return parts.filter((part) => !disjoint(part, all));
}
