/** When a condition in CEL is false, as a formula over the states of its tests. */
import type { CelNode } from '../ir/cel.ts';
import type { Atoms } from './cel-atoms.ts';
import { FALSE, TRUE } from './cel-states.ts';

/** That a test, known by its number, is in a state. */
export interface Literal {
  readonly atom: number;
  readonly state: number;
}

export type Formula =
  boolean | Literal | { readonly junction: 'and' | 'or'; readonly items: readonly Formula[] };

const and = (...items: readonly Formula[]): Formula => ({ junction: 'and', items });
const or = (...items: readonly Formula[]): Formula => ({ junction: 'or', items });

export const whenFalse = (node: CelNode, atoms: Atoms): Formula => when(node, FALSE, atoms);

/** Both junctions and the branches of `? :` are Kleene's: an error is neither. */
function when(node: CelNode, state: number, atoms: Atoms): Formula {
  const also = (part: CelNode): Formula => when(part, state, atoms);
  switch (node.op) {
    case 'and':
    case 'or': {
      const all = (node.op === 'and') === (state === TRUE);
      return (all ? and : or)(also(node.left), also(node.right));
    }
    case 'not':
      return when(node.operand, opposite(state), atoms);
    case 'conditional':
      return or(
        and(when(node.test, TRUE, atoms), also(node.yes)),
        and(when(node.test, FALSE, atoms), also(node.no)),
      );
    case 'constant':
      return node.constant.kind === 'bool' && node.constant.value === (state === TRUE);
    default: {
      const { atom, negated } = atoms.of(node);
      return { atom, state: negated ? opposite(state) : state };
    }
  }
}

const opposite = (state: number): number => (state === TRUE ? FALSE : TRUE);

/** More alternatives than this are not looked at one by one. */
const MOST = 400;

/**
 * A formula as alternatives (`or` of `and`s), or dually as requirements (`and` of `or`s); `null` where there are too
 * many. `true` is one empty alternative, `false` is none.
 */
export function alternativesOf(
  formula: Formula,
  outer: 'or' | 'and',
): readonly (readonly Literal[])[] | null {
  if (typeof formula === 'boolean') return formula === (outer === 'or') ? [[]] : [];
  if (!('junction' in formula)) return [[formula]];
  const each = formula.items.map((item) => alternativesOf(item, outer));
  if (!each.every((lists) => lists !== null)) return null;
  if (formula.junction === outer) {
    const all = each.flat();
    return all.length <= MOST ? all : null;
  }
  let product: readonly (readonly Literal[])[] = [[]];
  for (const lists of each) {
    if (product.length * lists.length > MOST) return null;
    product = product.flatMap((left) => lists.map((right) => [...left, ...right]));
  }
  return product;
}
