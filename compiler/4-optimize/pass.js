/** A pass that works on conditions only. */
export function onCondition(name, rewrite) {
  return { name, run: (rule) => ({ ...rule, condition: rewrite(rule.condition) }) };
}
/** Rewrites a condition from its leaves up. */
export function bottomUp(expr, rewrite) {
  const inner =
    expr.kind === 'and' || expr.kind === 'or'
      ? { ...expr, items: expr.items.map((item) => bottomUp(item, rewrite)) }
      : expr;
  return rewrite(inner);
}
