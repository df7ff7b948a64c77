/**
 * C3 linearisation (Barrett et al. 1996, as Python's method resolution order): a node first, then its ancestors,
 * such that every node stands before its parents and the order of parents is kept. Returns `null` where no such
 * order exists. The graph has no cycle.
 */
export function linearise(node, parentsOf, memo = new Map()) {
  const known = memo.get(node);
  if (known !== undefined) return known;
  const parents = parentsOf(node);
  const lists = parents.map((parent) => linearise(parent, parentsOf, memo));
  const merged = lists.every((list) => list !== null) ? merge([...lists, parents]) : null;
  const result = merged && [node, ...merged];
  memo.set(node, result);
  return result;
}
function merge(lists) {
  const rest = lists.map((list) => [...list]);
  const result = [];
  for (;;) {
    const open = rest.filter((list) => list.length > 0);
    if (open.length === 0) return result;
    const head = open
      .map((list) => list[0])
      .find((candidate) => open.every((list) => list.indexOf(candidate) <= 0));
    if (head === undefined) return null;
    result.push(head);
    for (const list of open) if (list[0] === head) list.shift();
  }
}
/** The first cycle met from `start`, as the nodes along it with the first one again at the end. */
export function findCycle(starts, parentsOf) {
  const done = new Set();
  const path = [];
  const visit = (node) => {
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
