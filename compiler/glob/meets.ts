/** Whether there is a name that both globs match. */
export function globsMeet(a: string, b: string): boolean {
  const [left, right] = [a.replace(/\*+/g, '*'), b.replace(/\*+/g, '*')];
  // Reachable[j]: the first i characters of one and the first j of the other can match the same text.
  let reachable = new Array<boolean>(right.length + 1).fill(false);
  reachable[0] = true;
  for (let i = 0; i <= left.length; i += 1) {
    const next = new Array<boolean>(right.length + 1).fill(false);
    for (let j = 0; j <= right.length; j += 1) {
      if (!reachable[j]) continue;
      const [x, y] = [left[i], right[j]];
      // A star matches nothing more, or takes what the other reads.
      if (y === '*') reachable[j + 1] = true;
      if (x === '*') next[j] = true;
      if (x === '*' && y !== undefined) reachable[j + 1] = true;
      if (y === '*' && x !== undefined) next[j] = true;
      if (x !== undefined && x === y) next[j + 1] = true;
    }
    if (i === left.length) return reachable[right.length] ?? false;
    reachable = next;
  }
  return false;
}
