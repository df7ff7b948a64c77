import type { Constant, Expr, Junction } from '../ir/program.ts';

/** More alternatives than this are not looked at one by one. */
const MOST = 2_000;

/** A single test: junctions and constants are gone. */
export type Atom = Exclude<Expr, Junction | Constant>;

/**
 * The condition as alternatives (`or` of `and`s), or dually as requirements (`and` of `or`s); `null` where
 * there are too many. `true` is one empty alternative, `false` is none.
 */
export function alternatives(expr: Expr, outer: 'or' | 'and'): readonly (readonly Atom[])[] | null {
  if (expr.kind === 'constant') return expr.value === (outer === 'or') ? [[]] : [];
  if (!isJunction(expr)) return [[expr]];
  const each = expr.items.map((item) => alternatives(item, outer));
  if (!each.every((items) => items !== null)) return null;
  if (expr.kind === outer) return limited(each.flat());
  return each.reduce<readonly (readonly Atom[])[] | null>(
    (found, items) =>
      found && found.length * items.length <= MOST
        ? found.flatMap((left) => items.map((right) => [...left, ...right]))
        : null,
    [[]],
  );
}

const limited = <T>(items: readonly T[]): readonly T[] | null => (items.length <= MOST ? items : null);

const isJunction = (expr: Atom | Junction): expr is Junction => expr.kind === 'and' || expr.kind === 'or';
