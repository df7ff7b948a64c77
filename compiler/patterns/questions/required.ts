/** Texts that must occur, as a filter in front of many patterns at once. */
import type { RequiredLiterals } from '../../ir/pattern.ts';
import type { PatternText } from './inclusion.ts';
import { requiredLiterals } from '../syntax/literals.ts';
import { parsePattern } from '../syntax/parse.ts';
import { Refused } from '../syntax/refusal.ts';
import { trimSearch } from '../syntax/trim.ts';

/**
 * Texts of which at least one occurs in every text that the pattern matches, or `undefined` where none are certain
 * (or the pattern is refused). The union over many patterns is a filter for all of them.
 *
 * With `ignoreCase` in the answer, they occur up to Unicode simple case folding: `k` may be there as the Kelvin
 * sign, `s` as a long s, which lower-casing the text does not undo.
 *
 * @example
 * literalsOf('sk_(?:live|test)_[0-9a-z]+') // { texts: ['sk_live_', 'sk_test_'], ignoreCase: false }
 */
export function literalsOf(pattern: PatternText): RequiredLiterals | undefined {
  const { source, ignoreCase = false } = typeof pattern === 'string' ? { source: pattern } : pattern;
  try {
    const parsed = parsePattern(source, ignoreCase);
    const node = trimSearch(parsed.node);
    const folded = parsed.ignoreCase ? requiredLiterals(node, true) : undefined;
    return folded ?? requiredLiterals(node, false);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
