/**
 * Whether every name that `inner` matches is matched by `outer`, both globs with `*` for any run of characters.
 * Exact: `outer` is run over `inner` with the states of a nondeterministic automaton, where a `*` of `inner`
 * may only be swallowed by a `*` of `outer`.
 */
export function globCovers(outer: string, inner: string): boolean {
  const pattern = collapse(outer);
  let states = closure(pattern, new Set([0]));
  for (const unit of collapse(inner)) {
    const next = new Set<number>();
    for (const state of states) {
      if (pattern[state] === '*') next.add(state);
      else if (unit !== '*' && pattern[state] === unit) next.add(state + 1);
    }
    states = closure(pattern, next);
    if (states.size === 0) return false;
  }
  return states.has(pattern.length);
}

const collapse = (glob: string): string => glob.replace(/\*+/g, '*');

function closure(pattern: string, states: Set<number>): Set<number> {
  for (const state of states) if (pattern[state] === '*') states.add(state + 1);
  return states;
}

/** Whether a glob matches a name. */
export function globMatches(glob: string, tool: string): boolean {
  return globCovers(glob, tool.replaceAll('*', '\u0000'));
}
