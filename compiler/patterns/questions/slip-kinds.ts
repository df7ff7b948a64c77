/**
 * The slips themselves: each finds stretches of a parsed pattern. Only what is hardly ever meant is here, for a
 * warning that is often wrong teaches people not to read warnings.
 */
import { visitRegExpAST } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

type Finder = (tree: AST.Pattern) => Iterable<Stretch>;

export const SLIPS = {
  dot: unescapedDots,
  'empty-alternative': emptyAlternatives,
  'cased-range': casedRanges,
  'class-bar': barsInClasses,
  anchors: halfAnchored,
  'repeated-repetition': repeatedRepetitions,
  'blank-around-bar': blanksAroundBars,
  'line-end': lineEnds,
  backslash: doubledBackslashes,
} as const satisfies Readonly<Record<string, Finder>>;

export type SlipKind = keyof typeof SLIPS;

const all = <T>(
  tree: AST.Pattern,
  handlers: (add: (found: T) => void) => Parameters<typeof visitRegExpAST>[1],
): readonly T[] => {
  const found: T[] = [];
  visitRegExpAST(
    tree,
    handlers((one) => found.push(one)),
  );
  return found;
};

const alternatives = (tree: AST.Pattern): readonly AST.Alternative[] =>
  all(tree, (add) => ({ onAlternativeEnter: add }));
const classes = (tree: AST.Pattern): readonly AST.CharacterClass[] =>
  all(tree, (add) => ({ onCharacterClassEnter: add }));

const isChar = (node: AST.Node | undefined, wanted: RegExp): boolean =>
  node?.type === 'Character' && wanted.test(String.fromCodePoint(node.value));
const isAnchor = (node: AST.Node | undefined, kind: 'start' | 'end'): boolean =>
  node?.type === 'Assertion' && node.kind === kind;

/** `example.com`: a dot alone between plain words of two letters and more. */
function* unescapedDots(tree: AST.Pattern): Iterable<Stretch> {
  for (const { elements } of alternatives(tree)) {
    for (const [i, element] of elements.entries()) {
      if (element.type !== 'CharacterSet' || element.kind !== 'any') continue;
      const before = elements.slice(Math.max(0, i - 2), i);
      const after = elements.slice(i + 1, i + 3);
      const isWord = before.length === 2 && after.length === 2;
      if (isWord && [...before, ...after].every((node) => isChar(node, /^[A-Za-z0-9]$/))) yield element;
    }
  }
}

/** `a||b`, `(|a)`: an alternative that matches everywhere. `(?:a|b|)` is how some write what may be left out. */
function* emptyAlternatives(tree: AST.Pattern): Iterable<Stretch> {
  for (const { parent, elements, start } of alternatives(tree)) {
    const among = parent.alternatives;
    if (elements.length > 0 || among.length < 2) continue;
    const isLastOfGroup = parent !== tree && among.at(-1)?.start === start;
    if (!isLastOfGroup) yield { start: Math.max(start - 1, 0), end: start + 1 };
  }
}

/** `[A-z]` has `[`, `\`, `]`, `^`, `_` and the grave accent in it. */
function* casedRanges(tree: AST.Pattern): Iterable<Stretch> {
  for (const { elements } of classes(tree)) {
    for (const element of elements) {
      if (element.type !== 'CharacterClassRange') continue;
      if (isChar(element.min, /^[A-Z]$/) && isChar(element.max, /^[a-z]$/)) yield element;
    }
  }
}

/** `[foo|bar]`: letters, digits and a bar between them. */
function* barsInClasses(tree: AST.Pattern): Iterable<Stretch> {
  for (const set of classes(tree)) {
    const isBar = (node: AST.Node | undefined): boolean => isChar(node, /^\|$/) && node?.raw === '|';
    const rest = set.elements.filter((element) => !isBar(element));
    const isWord = (node: AST.Node): boolean =>
      node.type === 'CharacterClassRange'
        ? isWord(node.min) && isWord(node.max)
        : isChar(node, /^[A-Za-z0-9]$/);
    const between = !isBar(set.elements[0]) && !isBar(set.elements.at(-1));
    if (rest.length < set.elements.length && rest.length > 1 && between && rest.every(isWord)) yield set;
  }
}

/** `^foo|bar$`, each anchor on one side only; not `^\s+|\s+$`, where each side is meant for itself. */
function* halfAnchored(tree: AST.Pattern): Iterable<Stretch> {
  const [first, last] = [tree.alternatives[0], tree.alternatives.at(-1)];
  if (!first || !last || tree.alternatives.length < 2) return;
  const isLoose = ({ elements }: AST.Alternative): boolean =>
    !isAnchor(elements[0], 'start') && !isAnchor(elements.at(-1), 'end');
  const opens = isAnchor(first.elements[0], 'start') && !isAnchor(first.elements.at(-1), 'end');
  const closes = isAnchor(last.elements.at(-1), 'end') && !isAnchor(last.elements[0], 'start');
  const isWord = ({ elements }: AST.Alternative): boolean =>
    elements.every((node) => node.type === 'Assertion' || isChar(node, /^[\w .:/@-]$/)) &&
    elements.length > 2;
  if (opens && closes && tree.alternatives.slice(1, -1).every(isLoose) && [first, last].every(isWord))
    yield tree;
}

/** `(a+)+`: the outer quantifier, where without it the pattern matches the same texts. */
function* repeatedRepetitions(tree: AST.Pattern): Iterable<Stretch> {
  const outer = all<AST.Quantifier>(tree, (add) => ({ onQuantifierEnter: add }));
  for (const { element, min, max, end } of outer) {
    if (max !== Infinity || min > 1) continue;
    if (element.type !== 'Group' && element.type !== 'CapturingGroup') continue;
    if (element.type === 'Group' && element.modifiers) continue;
    const [only, ...more] = element.alternatives;
    const [inner, ...rest] = only?.elements ?? [];
    if (more.length > 0 || rest.length > 0 || inner?.type !== 'Quantifier') continue;
    const isSame = inner.max === Infinity && inner.min <= 1 && (min === 1 || inner.min === 0);
    if (isSame) yield { start: element.end, end };
  }
}

/** `foo | bar`: blanks on both sides of a bar belong to the texts. */
function* blanksAroundBars(tree: AST.Pattern): Iterable<Stretch> {
  for (const one of alternatives(tree)) {
    const among: readonly AST.Alternative[] = one.parent.alternatives;
    const next = among[among.indexOf(one) + 1];
    if (one.elements.length < 2 || !next || next.elements.length < 2) continue;
    if (!isChar(one.elements.at(-1), /^ $/) || !isChar(next.elements[0], /^ $/)) continue;
    yield { start: one.end - 1, end: next.start + 1 };
  }
}

/** A line end as the last character: what a block scalar of YAML (`|`, `>`) adds. */
function* lineEnds(tree: AST.Pattern): Iterable<Stretch> {
  const last = tree.alternatives.at(-1)?.elements.at(-1);
  if (last?.type === 'Character' && last.raw === '\n') yield last;
}

/** `\\d+` in a plain or single-quoted scalar: a backslash and some `d`s. */
function* doubledBackslashes(tree: AST.Pattern): Iterable<Stretch> {
  for (const { elements } of alternatives(tree)) {
    for (const [i, element] of elements.entries()) {
      const next = elements[i + 1];
      if (element.type !== 'Character' || element.raw !== '\\\\' || next?.type !== 'Quantifier') continue;
      if (isChar(next.element, /^[dDwWsS]$/)) yield { start: element.start, end: next.end };
    }
  }
}
