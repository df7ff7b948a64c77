/** How much of all texts a pattern matches: the cases that are hardly meant. */
import { includesLanguage } from './inclusion.ts';
import { nullable, walk } from '../syntax/node.ts';
import type { PatternNode } from '../syntax/node.ts';
import { parsePattern } from '../syntax/parse.ts';
import { printPattern } from '../syntax/print.ts';
import { Refused } from '../syntax/refusal.ts';
import { trimSearch } from '../syntax/trim.ts';

/** `every`: all texts, the empty one too; `letters`: all with a lower-case letter in them; `none`: no text at all. */
export type Extent = 'every' | 'letters' | 'none' | 'some';

/**
 * The extent of a search for the pattern. `some` also where it cannot be told, so the other answers may be relied on.
 *
 * @example
 * extentOf('a|') // 'every'
 * extentOf('a^b') // 'none'
 */
export function extentOf(source: string): Extent {
  const node = nodeOf(source);
  if (!node) return 'some';
  if (asserts(node) && isIncluded('[]', source)) return 'none';
  if (nullable(node)) return isIncluded(source, '') ? 'every' : 'some';
  // Cheap texts first: hardly a pattern matches all of these.
  const sample = new RegExp(printPattern(node, false), 'u');
  const isWide = ['a', 'm', 'z'].every((text) => sample.test(text));
  return isWide && isIncluded(source, '[a-z]') ? 'letters' : 'some';
}

function nodeOf(source: string): PatternNode | undefined {
  try {
    return trimSearch(parsePattern(source, false).node);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Without assertions and empty sets every pattern matches something. */
function asserts(root: PatternNode): boolean {
  let found = false;
  walk(root, (node) => {
    found ||= node.kind === 'set' ? node.set.length === 0 : ['near', 'word', 'look'].includes(node.kind);
  });
  return found;
}

function isIncluded(wide: string, narrow: string): boolean {
  const answer = includesLanguage(wide, narrow);
  return 'included' in answer && answer.included;
}
