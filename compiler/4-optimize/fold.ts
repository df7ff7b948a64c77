import type { Constant, Expr, Junction } from '../ir/program.ts';
import { bottomUp, onCondition } from './pass.ts';

/** Flattens nested `and` / `or`, drops repeated operands and constants that decide nothing. */
export const fold = onCondition('fold', (condition) => bottomUp(condition, foldOne));

export function foldOne(expr: Expr): Expr {
  return expr.kind === 'and' || expr.kind === 'or' ? foldJunction(expr) : expr;
}

function foldJunction({ kind, items }: Junction): Expr {
  const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]));
  // False decides `and` and true decides `or`; the other constant changes nothing.
  const decides = kind === 'or';
  if (flat.some((item) => item.kind === 'constant' && item.value === decides)) return constant(decides);
  const seen = new Set<string>();
  const rest = flat.filter((item, i) => {
    if (item.kind === 'constant') return false;
    // Most operands are the only one of their kind, and writing them out takes its time.
    if (flat.every((other, j) => j === i || other.kind !== item.kind)) return true;
    const key = JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
  const [first] = rest;
  if (!first) return constant(!decides);
  return rest.length === 1 ? first : { kind, items: rest };
}

const constant = (value: boolean): Constant => ({ kind: 'constant', value });
