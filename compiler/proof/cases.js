/** More alternatives than this are not looked at one by one. */
const MOST = 2_000;
/**
 * The condition as alternatives (`or` of `and`s), or dually as requirements (`and` of `or`s); `null` where
 * there are too many. `true` is one empty alternative, `false` is none.
 */
export function alternatives(expr, outer) {
  if (expr.kind === 'constant') return expr.value === (outer === 'or') ? [[]] : [];
  if (!isJunction(expr)) return [[expr]];
  const each = expr.items.map((item) => alternatives(item, outer));
  if (!each.every((items) => items !== null)) return null;
  if (expr.kind === outer) return limited(each.flat());
  return each.reduce(
    (found, items) =>
      found && found.length * items.length <= MOST
        ? found.flatMap((left) => items.map((right) => [...left, ...right]))
        : null,
    [[]],
  );
}
const limited = (items) => (items.length <= MOST ? items : null);
const isJunction = (expr) => expr.kind === 'and' || expr.kind === 'or';
