/** Which rules an entry has: those of what it stands on, but for some, and its own. */

/**
 * Ranges of rule indexes, ascending: the index of the first and the one behind the last, in turn.
 *
 * @param base - of what the entry stands on
 * @param gone - rules of the base that are not rules of the entry, ascending
 * @param own - what it has besides
 */
export function ranged(
  base: readonly number[],
  gone: readonly number[],
  own: readonly number[],
): readonly number[] {
  const pairs: (readonly [number, number])[] = [];
  let next = 0;
  for (let i = 0; i < base.length; i += 2) {
    let from = base[i] as number;
    const to = base[i + 1] as number;
    for (; (gone[next] as number) < to; next += 1) {
      const rule = gone[next] as number;
      if (rule > from) pairs.push([from, rule]);
      if (rule >= from) from = rule + 1;
    }
    if (from < to) pairs.push([from, to]);
  }
  for (let i = 0; i < own.length; i += 2) pairs.push([own[i] as number, own[i + 1] as number]);
  pairs.sort((a, b) => a[0] - b[0]);
  const ranges: number[] = [];
  for (const [from, to] of pairs) {
    if (ranges[ranges.length - 1] === from) ranges[ranges.length - 1] = to;
    else ranges.push(from, to);
  }
  return ranges;
}

/** Whether a number is within one of the ranges. */
export function within(ranges: readonly number[], index: number): boolean {
  let at = 0;
  while (at < ranges.length && index >= (ranges[at + 1] ?? 0)) at += 2;
  return index >= (ranges[at] ?? 1 / 0);
}
