import type { CelNode } from '../ir/cel.ts';
import { children } from '../ir/cel-walk.ts';
import type { OperandValue } from '../ir/document.ts';

/** A parameter and its values before and after. */
export type Changes = ReadonlyMap<string, readonly [before: OperandValue, after: OperandValue]>;

/**
 * What a change may do to an expression's value: `rises`, it is false on nothing on which it was not false before;
 * `falls`, it is true on nothing on which it was not true before. What is neither is in error, and stays so: the type
 * of a parameter does not change.
 */
type Direction = 'rises' | 'falls';

const OPPOSITE = { rises: 'falls', falls: 'rises' } as const;

/**
 * Proves by structure that a condition is false on no more than before: each changed parameter is one side of a
 * comparison, or the list of an `in`, which stand under `&&`, `||`, `!`, branches of `? :`, `all` and `exists`; these
 * keep a direction, and `!` turns it around. `false` where that does not show.
 */
export function isNoWeaker(condition: CelNode, changes: Changes): boolean {
  return moves(condition, 'rises', changes);
}

function moves(node: CelNode, direction: Direction, changes: Changes): boolean {
  const same = (part: CelNode): boolean => !names(part, changes);
  const also = (part: CelNode): boolean => moves(part, direction, changes);
  if (same(node)) return true;
  switch (node.op) {
    case 'not':
      return moves(node.operand, OPPOSITE[direction], changes);
    case 'and':
    case 'or':
      return also(node.left) && also(node.right);
    case 'conditional':
      return same(node.test) && also(node.yes) && also(node.no);
    case 'bind':
      return same(node.value) && also(node.body);
    case 'comprehension':
      return (
        (node.macro === 'all' || node.macro === 'exists') &&
        same(node.range) &&
        (node.filter === null || same(node.filter)) &&
        also(node.body)
      );
    case 'call':
      return callMoves(node.name, node.args, direction, changes);
    default:
      return false;
  }
}

const names = (node: CelNode, changes: Changes): boolean =>
  (node.op === 'variable' && changeOf(node, changes) !== undefined) ||
  children(node).some((part) => names(part, changes));

const changeOf = (node: CelNode, changes: Changes): readonly [OperandValue, OperandValue] | undefined =>
  node.op === 'variable' && node.name.startsWith('params.')
    ? changes.get(node.name.slice('params.'.length))
    : undefined;

/** Comparisons that rise with their left side; the others rise with their right one. */
const WITH_LEFT = new Set(['celGreater', 'celGreaterOrEqual']);
const WITH_RIGHT = new Set(['celLess', 'celLessOrEqual']);

function callMoves(
  name: string,
  [left, right]: readonly CelNode[],
  direction: Direction,
  changes: Changes,
): boolean {
  if (!left || !right) return false;
  const [ofLeft, ofRight] = [changeOf(left, changes), changeOf(right, changes)];
  const changed = ofLeft ?? ofRight;
  if (!changed || names(ofLeft ? right : left, changes)) return false;
  const [before, after] = changed;
  if (name === 'celIn')
    return (
      ofLeft === undefined && (direction === 'rises' ? holdsAll(after, before) : holdsAll(before, after))
    );
  if (typeof before !== 'number' || typeof after !== 'number') return false;
  if (!WITH_LEFT.has(name) && !WITH_RIGHT.has(name)) return false;
  const withIt = WITH_LEFT.has(name) === (ofLeft !== undefined);
  return withIt === (direction === 'rises') ? after >= before : after <= before;
}

const holdsAll = (list: OperandValue, other: OperandValue): boolean =>
  Array.isArray(list) && Array.isArray(other) && other.every((item) => list.includes(item));
