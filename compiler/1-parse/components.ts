/**
 * The strongly connected components of a graph, each behind all that it leads to (Tarjan 1972). Without recursion: the
 * graph is somebody else's, and may be one long chain.
 */
export function components<T>(
  starts: Iterable<T>,
  next: (node: T) => readonly T[],
): readonly (readonly T[])[] {
  interface Visit {
    readonly node: T;
    readonly number: number;
    /** The first that it leads back to, of those whose component is not known yet. */
    low: number;
    readonly next: Iterator<T>;
  }
  const found: T[][] = [];
  const numbers = new Map<T, number>();
  const settled = new Set<T>();
  const waiting: T[] = [];
  const path: Visit[] = [];
  const enter = (node: T): void => {
    const number = numbers.size;
    numbers.set(node, number);
    waiting.push(node);
    path.push({ node, number, low: number, next: next(node)[Symbol.iterator]() });
  };
  const leave = ({ node, number, low }: Visit): void => {
    path.pop();
    const below = path.at(-1);
    if (below) below.low = Math.min(below.low, low);
    if (low < number) return;
    const component = waiting.splice(waiting.lastIndexOf(node));
    for (const each of component) settled.add(each);
    found.push(component);
  };
  for (const start of starts) {
    if (!numbers.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.next.next();
      if (step.done === true) leave(top);
      else {
        const number = numbers.get(step.value);
        if (number === undefined) enter(step.value);
        else if (!settled.has(step.value)) top.low = Math.min(top.low, number);
      }
    }
  }
  return found;
}
