/**
 * C3 linearisation (Barrett et al. 1996, as Python's method resolution order): a node first, then its ancestors,
 * such that every node stands before its parents and the order of parents is kept. Returns `null` where no such
 * order exists. The graph has no cycle.
 */
export function linearise<T>(
  node: T,
  parentsOf: (node: T) => readonly T[],
  memo = new Map<T, readonly T[] | null>(),
): readonly T[] | null {
  const known = memo.get(node);
  if (known !== undefined) return known;
  const parents = parentsOf(node);
  const lists = parents.map((parent) => linearise(parent, parentsOf, memo));
  const merged = lists.every((list) => list !== null) ? merge([...lists, parents]) : null;
  const result = merged && [node, ...merged];
  memo.set(node, result);
  return result;
}

function merge<T>(lists: readonly (readonly T[])[]): readonly T[] | null {
  const rest = lists.map((list) => [...list]);
  const result: T[] = [];
  for (;;) {
    const open = rest.filter((list) => list.length > 0);
    if (open.length === 0) return result;
    const head = open
      .map((list) => list[0] as T)
      .find((candidate) => open.every((list) => list.indexOf(candidate) <= 0));
    if (head === undefined) return null;
    result.push(head);
    for (const list of open) if (list[0] === head) list.shift();
  }
}

/** The first cycle met from `start`, as the nodes along it with the first one again at the end. */
export function findCycle<T>(
  starts: readonly T[],
  parentsOf: (node: T) => readonly T[],
): readonly T[] | null {
  const done = new Set<T>();
  const path: T[] = [];
  const visit = (node: T): readonly T[] | null => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return null;
    path.push(node);
    for (const parent of parentsOf(node)) {
      const cycle = visit(parent);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return null;
  };
  for (const start of starts) {
    const cycle = visit(start);
    if (cycle) return cycle;
  }
  return null;
}
