/** Whether what a pattern matches can go over the end of a line. */
import { walk } from '../syntax/node.ts';
import { parsePattern } from '../syntax/parse.ts';
import { Refused } from '../syntax/refusal.ts';
import { disjoint, single } from '../syntax/charset.ts';

const LINE_FEED = single(10);

/**
 * Asked of the pattern as it is written, not of what a search makes of it: of `KEY[^]*` a search needs no more than `KEY`, and
 * what follows is meant all the same. `false` for one that is refused.
 */
export function staysOnLine(source: string): boolean {
  try {
    let stays = true;
    walk(parsePattern(source, false).node, (node) => {
      if (node.kind === 'set' && !disjoint(node.set, LINE_FEED)) stays = false;
    });
    return stays;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
