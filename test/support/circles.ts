/** Which nodes of a graph lead back to themselves. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Groups of nodes that all lead to each other (Tarjan), each sorted; a node alone is none. */
export function circlesOf(edges: readonly Edge[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const targets = next.get(from);
    if (targets) targets.push(to);
    else next.set(from, [to]);
  }
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const circles: (readonly string[])[] = [];
  /** @returns the lowest number that the node leads to among those still open */
  const visit = (node: string): number => {
    const own = numbers.size;
    let lowest = own;
    numbers.set(node, own);
    open.push(node);
    for (const target of next.get(node) ?? []) {
      if (!numbers.has(target)) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, numbers.get(target) ?? own);
    }
    if (lowest === own) {
      const circle = open.splice(open.indexOf(node));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return lowest;
  };
  for (const node of next.keys()) if (!numbers.has(node)) visit(node);
  return circles;
}
