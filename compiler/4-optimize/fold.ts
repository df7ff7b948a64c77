import type { Constant, Expr, Junction } from '../ir/program.ts';
import { bottomUp, onCondition } from './pass.ts';

/** Flattens nested `and` / `or`, drops repeated operands and constants that decide nothing. */
export const fold = onCondition('fold', (condition) => bottomUp(condition, foldOne));

export function foldOne(expr: Expr): Expr {
  return expr.kind === 'and' || expr.kind === 'or' ? foldJunction(expr) : expr;
}

function foldJunction(junction: Junction): Expr {
  const { kind, items } = junction;
  const nests = items.some((item) => item.kind === kind);
  const flat = nests ? items.flatMap((item) => (item.kind === kind ? item.items : [item])) : items;
  // False decides `and` and true decides `or`; the other constant changes nothing.
  const decides = kind === 'or';
  if (flat.some((item) => item.kind === 'constant' && item.value === decides)) return constant(decides);
  const rest = withoutRepeated(flat);
  const [first] = rest;
  if (!first) return constant(!decides);
  if (rest.length === 1) return first;
  return rest === items ? junction : { kind, items: rest };
}

/** The operands but for constants and for those that stood before; the list itself where there are none such. */
function withoutRepeated(items: readonly Expr[]): readonly Expr[] {
  // Most operands are the only one of their kind, and writing them out takes its time.
  const isOne = items.every((item, i) => items.findIndex(({ kind }) => kind === item.kind) === i);
  if (isOne && !items.some(({ kind }) => kind === 'constant')) return items;
  const seen = new Set<string>();
  const rest = items.filter((item) => {
    if (item.kind === 'constant') return false;
    const key = JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
  return rest.length === items.length ? items : rest;
}

const constant = (value: boolean): Constant => ({ kind: 'constant', value });
