import type { ArgTest } from '../ir/program.ts';
import { pathKey } from './demand.ts';
import { operandsOf } from './values.ts';

/**
 * Whether by its form alone a test fires wherever another one does: one comparison with a limit that more numbers
 * break, or one list with further items. These are the commonest refinements of all, and the largest.
 */
export function isSameTestNoWeaker(parent: ArgTest, child: ArgTest): boolean {
  if (pathKey(parent.path) !== pathKey(child.path) || parent.negated !== child.negated) return false;
  const [before, after] = [KINDS[parent.test.operation], KINDS[child.test.operation]];
  if (!before || before !== after || !sameSpelling(parent, child) || !sameView(parent, child)) return false;
  // Two values of a context stand to each other as they will; the same test is compared as a whole.
  if (parent.test.from || child.test.from) return false;
  if (child.test.optional && !parent.test.optional) return false;
  // Where a negated test fires, its own does not: what more values break has fewer that do not.
  return child.negated ? LAWS[after](child, parent) : LAWS[after](parent, child);
}

type Kind = 'above' | 'at or above' | 'below' | 'at or below' | 'one of' | 'none of';

const KINDS: Readonly<Record<string, Kind>> = {
  gt: 'above',
  gte: 'at or above',
  lt: 'below',
  lte: 'at or below',
  equals: 'one of',
  in: 'one of',
  not_equals: 'none of',
  not_in: 'none of',
};

type Law = (narrow: ArgTest, wide: ArgTest) => boolean;

const numbers =
  (holds: (narrow: number, wide: number) => boolean): Law =>
  (narrow, wide) => {
    const [before, after] = [narrow.test.operand, wide.test.operand];
    return typeof before === 'number' && typeof after === 'number' && holds(before, after);
  };

const lowerLimit = numbers((narrow, wide) => wide <= narrow);
const upperLimit = numbers((narrow, wide) => wide >= narrow);

const furtherItems: Law = (narrow, wide) => {
  const items = new Set(operandsOf(wide.test));
  return operandsOf(narrow.test).every((item) => items.has(item));
};

const LAWS: Readonly<Record<Kind, Law>> = {
  above: lowerLimit,
  'at or above': lowerLimit,
  below: upperLimit,
  'at or below': upperLimit,
  'one of': furtherItems,
  'none of': (narrow, wide) => furtherItems(wide, narrow),
};

const sameView = (a: ArgTest, b: ArgTest): boolean =>
  JSON.stringify(a.test.view) === JSON.stringify(b.test.view);

const sameSpelling = (a: ArgTest, b: ArgTest): boolean =>
  JSON.stringify(a.test.spelling) === JSON.stringify(b.test.spelling);
