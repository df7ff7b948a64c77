/**
 * Plain texts in a pattern: the whole pattern as a list of them, or texts of which one must occur wherever the
 * pattern matches.
 */
import type { RequiredLiterals } from '../../ir/pattern.ts';
import { members, size, type CharSet } from './charset.ts';
import { foldingOrbit } from './folding.ts';
import type { PatternNode } from './node.ts';

/** Most texts that required literals may be. */
const MOST_REQUIRED = 24;
/** A set of more characters than this is no literal. */
const LARGEST_SET = 5;

/**
 * The character a set stands for, with `ignoreCase` the first of the one orbit that it is. `undefined` where the
 * set is anything else.
 */
function characterOf(set: CharSet, ignoreCase: boolean): number | undefined {
  const [first] = set;
  if (first === undefined || size(set) > LARGEST_SET) return undefined;
  if (!ignoreCase) return size(set) === 1 ? first : undefined;
  const orbit = foldingOrbit(first);
  const all = members(set);
  return orbit.length === all.length && orbit.every((c) => all.includes(c)) ? plain(orbit) : undefined;
}

/** How an orbit is written down: its lower-case ASCII letter, if any. */
function plain(orbit: readonly number[]): number {
  return orbit.find((c) => c > 0x60 && c < 0x7b) ?? orbit[0] ?? 0;
}

/**
 * The whole pattern as texts without repetition, or `undefined` where it is more than that. The empty text stands
 * alone: it is found everywhere.
 */
export function wholeLiterals(
  node: PatternNode,
  ignoreCase: boolean,
  most: number,
): readonly string[] | undefined {
  const texts = exact(node, ignoreCase, most, 1);
  if (!texts || texts.some(splitsPair)) return undefined;
  if (texts.includes('')) return [''];
  return [...new Set(texts)];
}

const startsWithTrail = (text: string): boolean => /^[\udc00-\udfff]/.test(text);
const endsInLead = (text: string): boolean => /[\ud800-\udbff]$/.test(text);
/** A lone surrogate at either end would be found inside a pair by a search over code units. */
const splitsPair = (text: string): boolean => startsWithTrail(text) || endsInLead(text);

/** All texts of a finite node; sets of up to `widest` characters count as alternatives. */
function exact(
  node: PatternNode,
  ignoreCase: boolean,
  most: number,
  widest: number,
): readonly string[] | undefined {
  const product = (parts: readonly PatternNode[]): readonly string[] | undefined => {
    let texts: readonly string[] = [''];
    for (const part of parts) {
      const next = exact(part, ignoreCase, most, widest);
      if (!next || next.length * texts.length > most) return undefined;
      // Two lone surrogates in a row would read as one character, which the pattern does not match.
      if (texts.some(endsInLead) && next.some(startsWithTrail)) return undefined;
      texts = texts.flatMap((text) => next.map((more) => text + more));
    }
    return texts;
  };
  switch (node.kind) {
    case 'set': {
      const one = characterOf(node.set, ignoreCase);
      if (one !== undefined) return [String.fromCodePoint(one)];
      if (size(node.set) > Math.min(widest, most)) return undefined;
      const texts = members(node.set).flatMap((c) => {
        const orbit = ignoreCase ? foldingOrbit(c) : [c];
        return orbit.length === 1 ? [String.fromCodePoint(c)] : [];
      });
      return texts.length === size(node.set) ? texts : undefined;
    }
    case 'sequence':
      return product(node.items);
    case 'choice': {
      const texts: string[] = [];
      for (const item of node.items) {
        const next = exact(item, ignoreCase, most, widest);
        if (!next || texts.length + next.length > most) return undefined;
        texts.push(...next);
      }
      return texts;
    }
    case 'repeat':
      if (node.max > 8) return undefined;
      return unionOf(
        Array.from({ length: node.max - node.min + 1 }, (_, i) =>
          product(Array.from({ length: node.min + i }, () => node.body)),
        ),
        most,
      );
    default:
      return undefined;
  }
}

function unionOf(
  lists: readonly (readonly string[] | undefined)[],
  most: number,
): readonly string[] | undefined {
  const known = lists.flatMap((list) => (list ? [list] : []));
  const texts = [...new Set(known.flat())];
  return known.length === lists.length && texts.length <= most ? texts : undefined;
}

/** Texts of which one occurs in every match, or `undefined` where nothing useful is certain. */
export function requiredLiterals(node: PatternNode, ignoreCase: boolean): RequiredLiterals | undefined {
  const texts = required(node, ignoreCase)?.filter((text) => text !== '');
  if (!texts || texts.length === 0) return undefined;
  const shortest = texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)));
  return { texts: [...new Set(shortest)].sort(), ignoreCase };
}

type Texts = readonly string[] | undefined;

/** The better of two requirements: long texts first, then few. */
function better(a: Texts, b: Texts): Texts {
  const score = (texts: readonly string[]): number => {
    const shortest = Math.min(...texts.map((text) => text.length));
    return shortest < 2 ? shortest : 4 * Math.min(shortest, 8) - texts.length / 2;
  };
  if (!a || !b) return a ?? b;
  return score(b) > score(a) ? b : a;
}

function required(node: PatternNode, ignoreCase: boolean): Texts {
  switch (node.kind) {
    case 'sequence':
      return requiredOfSequence(node.items, ignoreCase);
    case 'choice': {
      const all = node.items.map((item) => required(item, ignoreCase));
      return unionOf(all, MOST_REQUIRED);
    }
    case 'repeat':
      return (
        useful(exactOf(node, ignoreCase)) ?? (node.min > 0 ? required(node.body, ignoreCase) : undefined)
      );
    case 'set':
      return useful(exactOf(node, ignoreCase));
    default:
      return undefined;
  }
}

/** Neighbouring parts that are plain texts join into longer ones; assertions between them do not matter. */
function requiredOfSequence(items: readonly PatternNode[], ignoreCase: boolean): Texts {
  let best: Texts;
  let run: readonly string[] = [''];
  const settle = (): void => {
    best = better(best, useful(run));
    run = [''];
  };
  for (const item of items) {
    const isAssertion = item.kind === 'near' || item.kind === 'word' || item.kind === 'look';
    const texts = isAssertion ? [''] : exactOf(item, ignoreCase);
    if (!texts) {
      settle();
      best = better(best, required(item, ignoreCase));
    } else {
      if (run.length * texts.length > MOST_REQUIRED) settle();
      run = run.flatMap((text) => texts.map((more) => text + more));
    }
  }
  settle();
  return best;
}

function exactOf(node: PatternNode, ignoreCase: boolean): Texts {
  return exact(node, ignoreCase, MOST_REQUIRED, LARGEST_SET);
}

function useful(texts: Texts): Texts {
  return texts && texts.length > 0 && texts.every((text) => text !== '') ? texts : undefined;
}
