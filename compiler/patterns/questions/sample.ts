/** Quick looks at patterns, to save the dear ones: a text that is probably matched, and whether a text is. */
import { backtrackingBound } from './backtracking.ts';
import type { CharSet } from '../syntax/charset.ts';
import { has } from '../syntax/charset.ts';
import { DEFAULT_LIMITS } from '../syntax/limits.ts';
import type { PatternNode } from '../syntax/node.ts';
import { parsePattern } from '../syntax/parse.ts';
import { printPattern } from '../syntax/print.ts';
import { Refused } from '../syntax/refusal.ts';
import { trimSearch } from '../syntax/trim.ts';

/** Longest text that is written out. */
const LONGEST = 1_000;

/**
 * The shortest way through the pattern, assertions left out of account: a guess that saves a proof, no more.
 * `undefined` for what is refused, matches nothing, or is long.
 *
 * @example
 * sampleOf('sk_(?:live|test)_[0-9a-z]+') // 'sk_live_a'
 */
export function sampleOf(source: string): string | undefined {
  try {
    const text = walk(trimSearch(parsePattern(source, false).node));
    return text !== undefined && text.length <= LONGEST ? text : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/**
 * The pattern for the host's engine, where that takes no longer than the text is long; otherwise `undefined`. It may be
 * wrong about texts with surrogates, as V8 is.
 */
export function testerOf(source: string): RegExp | undefined {
  try {
    const { node, ignoreCase } = parsePattern(source, false);
    const trimmed = trimSearch(node);
    const bound = backtrackingBound(trimmed);
    const isQuick =
      bound && bound.ways <= DEFAULT_LIMITS.nativeWays && bound.tests <= DEFAULT_LIMITS.nativeTests;
    return isQuick ? new RegExp(printPattern(trimmed, ignoreCase), ignoreCase ? 'iu' : 'u') : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function walk(node: PatternNode): string | undefined {
  switch (node.kind) {
    case 'set':
      return member(node.set);
    case 'choice':
      return node.items[0] && walk(node.items[0]);
    case 'sequence': {
      const texts = node.items.map(walk);
      return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
    }
    case 'repeat': {
      if (node.min === 0) return '';
      const text = walk(node.body);
      return text === undefined || text.length * node.min > LONGEST ? undefined : text.repeat(node.min);
    }
    default:
      return '';
  }
}

function member(set: CharSet): string | undefined {
  const letter = Array.from('axz0 ').find((each) => has(set, each.charCodeAt(0)));
  const [first] = set;
  return letter ?? (first === undefined ? undefined : String.fromCodePoint(first));
}
