import { disjoint, fromRanges, type CharSet } from '../syntax/charset.ts';
import type { PatternNode } from '../syntax/node.ts';

const code = (text: string): number => text.charCodeAt(0);

/** Characters of a number's text: digits, sign, point, exponent, and `Infinity` and `NaN`. */
export const NUMBER_TEXT: CharSet = fromRanges(
  [...'+-.09eInfityNa']
    .sort()
    .map((c): [number, number] => (c === '0' ? [code('0'), code('9')] : [code(c), code(c)])),
);

/** Whether the node can match within a text of these characters only; may say yes for nothing. */
export function mayMatchOver(node: PatternNode, set: CharSet): boolean {
  switch (node.kind) {
    case 'set':
      return !disjoint(node.set, set);
    case 'sequence':
      return node.items.every((item) => mayMatchOver(item, set));
    case 'choice':
      return node.items.some((item) => mayMatchOver(item, set));
    case 'repeat':
      return node.min === 0 || mayMatchOver(node.body, set);
    default:
      return true;
  }
}
