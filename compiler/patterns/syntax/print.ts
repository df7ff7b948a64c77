/**
 * The tree as ECMAScript text for the native engine: no names, no captures, no flags but `i` and `u`. Printing
 * anew means that nothing the author wrote reaches the emitted module unread.
 */
import { ALL, complement, equal, has, members, NONE, ranges, size, type CharSet } from './charset.ts';
import { foldingOrbit } from './folding.ts';
import { wordBoundary, type PatternNode } from './node.ts';
import { DIGIT, FOLDED_WORD, LINE_TERMINATOR, SPACE, WORD } from './properties.ts';

/** Printed with `ignoreCase`, a pattern must run under `/iu`, otherwise under `/u`. */
export function printPattern(node: PatternNode, ignoreCase: boolean): string {
  switch (node.kind) {
    case 'set':
      return printSet(node.set, ignoreCase);
    case 'sequence':
      return node.items.map((item) => printOperand(item, ignoreCase)).join('');
    case 'choice':
      return node.items.map((item) => printPattern(item, ignoreCase)).join('|');
    case 'repeat':
      return `${printAtom(node.body, ignoreCase)}${quantifier(node.min, node.max)}`;
    case 'near':
      return printNear(node.side, node.set, node.edge, ignoreCase);
    case 'word':
      if (!equal(node.set, ignoreCase ? FOLDED_WORD : WORD))
        return `(?:${printPattern(wordBoundary(node), ignoreCase)})`;
      return node.negate ? '\\B' : '\\b';
    case 'look': {
      const opening = `(?${node.side === 'before' ? '<' : ''}${node.negate ? '!' : '='}`;
      return `${opening}${printPattern(node.body, ignoreCase)})`;
    }
  }
}

const group = (text: string): string => `(?:${text})`;

function printOperand(node: PatternNode, ignoreCase: boolean): string {
  const text = printPattern(node, ignoreCase);
  return node.kind === 'choice' ? group(text) : text;
}

function printAtom(node: PatternNode, ignoreCase: boolean): string {
  const text = printPattern(node, ignoreCase);
  return node.kind === 'set' ? text : group(text);
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return ['*', '+'][min] ?? `{${min},}`;
  if (min === max) return `{${min}}`;
  return min === 0 && max === 1 ? '?' : `{${min},${max}}`;
}

function printNear(side: 'before' | 'after', set: CharSet, edge: boolean, ignoreCase: boolean): string {
  if (edge && set.length === 0) return side === 'before' ? '^' : '$';
  const behind = side === 'before' ? '<' : '';
  // With the edge allowed, "no character outside the set" is the shorter way to say it.
  return edge
    ? `(?${behind}!${printSet(complement(set), ignoreCase)})`
    : `(?${behind}=${printSet(set, ignoreCase)})`;
}

const SHORTHANDS: readonly (readonly [CharSet, string])[] = [
  [ALL, '[^]'],
  [NONE, '[]'],
  [DIGIT, '\\d'],
  [SPACE, '\\s'],
  [complement(DIGIT), '\\D'],
  [complement(SPACE), '\\S'],
  [complement(LINE_TERMINATOR), '.'],
];

function printSet(set: CharSet, ignoreCase: boolean): string {
  for (const [known, text] of SHORTHANDS) if (equal(set, known)) return text;
  if (equal(set, ignoreCase ? FOLDED_WORD : WORD)) return '\\w';
  const written = ignoreCase ? withoutFolded(set) : set;
  const [first] = written;
  if (size(written) === 1 && first !== undefined) return character(first, false);
  const body = ranges(written)
    .map(([lo, hi]) => {
      if (lo === hi) return character(lo, true);
      return `${character(lo, true)}${hi === lo + 1 ? '' : '-'}${character(hi, true)}`;
    })
    .join('');
  return `[${body}]`;
}

/**
 * Under `i` a set that is closed under folding can do with one character of each orbit. Only small sets are
 * thinned out: ranges are shorter as they are.
 */
function withoutFolded(set: CharSet): CharSet {
  if (size(set) > 8) return set;
  const kept: number[] = [];
  for (const c of members(set)) {
    const orbit = foldingOrbit(c);
    if (!orbit.every((other) => has(set, other))) return set;
    const lower = orbit.find((other) => other > 0x60 && other < 0x7b) ?? orbit[0];
    if (c === lower) kept.push(c, c);
  }
  return kept;
}

function character(codePoint: number, inClass: boolean): string {
  const text = String.fromCodePoint(codePoint);
  // Never `\\u` for ASCII: the loader refuses what could spell a name in an identifier.
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${codePoint.toString(16).padStart(2, '0')}`;
  if (codePoint > 0x7e) return `\\u{${codePoint.toString(16)}}`;
  const special = inClass ? /[\\\]^-]/ : /[\\^$.*+?()[\]{}|/]/;
  return special.test(text) ? `\\${text}` : text;
}
