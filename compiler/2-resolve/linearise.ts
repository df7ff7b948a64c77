/**
 * C3 linearisation (Barrett et al. 1996, as Python's method resolution order): a node first, then its ancestors, such
 * that every node stands before its parents, and the order of parents is kept where it can be. Where two files name
 * their parents in crossed orders C3 has no answer; here the order of parents changes no meaning, so it gives way. The
 * graph has no cycle, so there is always an answer.
 */
export function linearise<T>(
  node: T,
  parentsOf: (node: T) => readonly T[],
  memo = new Map<T, readonly T[]>(),
): readonly T[] {
  const known = memo.get(node);
  if (known !== undefined) return known;
  const parents = parentsOf(node);
  const lists = parents.map((parent) => linearise(parent, parentsOf, memo));
  // A parent that another parent extends comes where that one puts it.
  const direct = parents.filter((parent) => !lists.some((list) => list.indexOf(parent) > 0));
  const result = [node, ...merge(lists, direct, parentsOf)];
  memo.set(node, result);
  return result;
}

function merge<T>(
  lists: readonly (readonly T[])[],
  direct: readonly T[],
  parentsOf: (node: T) => readonly T[],
): readonly T[] {
  let open = [...lists, direct].map((list) => [...list]).filter((list) => list.length > 0);
  const result: T[] = [];
  while (open.length > 0) {
    const heads = open.flatMap((list) => list.slice(0, 1));
    const next =
      heads.find((candidate) => open.every((list) => list.indexOf(candidate) <= 0)) ??
      open.flat().find((candidate, _, left) => !left.some((one) => parentsOf(one).includes(candidate)));
    if (next === undefined) throw new RangeError('a hierarchy with a cycle has no order');
    result.push(next);
    open = open.map((list) => list.filter((left) => left !== next)).filter((list) => list.length > 0);
  }
  return result;
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
