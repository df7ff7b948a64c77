/**
 * Whether every name that `inner` matches is matched by `outer`, both globs with `*` for any run of characters.
 * Exact: `outer` is run over `inner` with the states of a nondeterministic automaton, where a `*` of `inner`
 * may only be swallowed by a `*` of `outer`.
 */
export function globCovers(outer, inner) {
  const pattern = collapse(outer);
  let states = closure(pattern, new Set([0]));
  for (const unit of collapse(inner)) {
    const next = new Set();
    for (const state of states) {
      if (pattern[state] === '*') next.add(state);
      else if (unit !== '*' && pattern[state] === unit) next.add(state + 1);
    }
    states = closure(pattern, next);
    if (states.size === 0) return false;
  }
  return states.has(pattern.length);
}
const collapse = (glob) => glob.replace(/\*+/g, '*');
function closure(pattern, states) {
  for (const state of states) if (pattern[state] === '*') states.add(state + 1);
  return states;
}
/** Whether a glob matches a name. */
export function globMatches(glob, tool) {
  return globCovers(glob, tool.replaceAll('*', '\u0000'));
}
