/** What a pattern looks at beside the match itself. */
import type { PatternPlan } from '../../ir/pattern.ts';
import type { PatternText } from './inclusion.ts';
import { walk } from '../syntax/node.ts';
import type { PatternNode } from '../syntax/node.ts';
import { parsePattern } from '../syntax/parse.ts';
import { Refused } from '../syntax/refusal.ts';

/** Where a text that is cut out of a longer one would mislead the pattern. An assertion that needs a character does not. */
export function looksAt(root: PatternNode): PatternPlan['looks'] {
  const found = { start: false, end: false };
  walk(root, (node) => {
    const both = node.kind === 'word' || (node.kind === 'look' && node.negate);
    found.start ||= both || (node.kind === 'near' && node.edge && node.side === 'before');
    found.end ||= both || (node.kind === 'near' && node.edge && node.side === 'after');
  });
  const { start, end } = found;
  if (start) return end ? 'around' : 'start';
  return end ? 'end' : undefined;
}

/** The same of a pattern as text; one that is refused may look anywhere. */
export function looksOf(pattern: PatternText): PatternPlan['looks'] {
  const { source, ignoreCase = false } = typeof pattern === 'string' ? { source: pattern } : pattern;
  try {
    return looksAt(parsePattern(source, ignoreCase).node);
  } catch (error) {
    if (error instanceof Refused) return 'around';
    throw error;
  }
}
