/**
 * What must not stand in the log. A path names members from the outside in: `args.card.number`; `*` is any one member, `**` any
 * depth; lists are looked through. Where a text or number stands in a place that the path only passes, it is masked, too: an agent that
 * sends `card: "4111…"` for `card: { number }` would otherwise write it down.
 */

/** Stands where something was masked. */
export const MASKED = '[masked]';

/** Deeper than any plan is read. */
const MAX_DEPTH = 80;

type Segments = readonly string[];

/** Paths read once. */
export type Mask = readonly Segments[];

/** @throws SyntaxError for a path with an empty member */
export function compileMask(paths: readonly string[]): Mask {
  return paths.map((path) => {
    // What ends in `**` means all of what is there.
    const segments = path
      .replaceAll('[*]', '')
      .replace(/(?:\.\*\*)+$/, '')
      .split('.');
    if (segments.some((segment) => segment === '')) throw new SyntaxError(`\`${path}\` is no path of a mask`);
    return segments;
  });
}

/** What is left of the paths below a member; a path that ends here masks all of it. */
function below(mask: Mask, name: string): Mask {
  return mask.flatMap((path) => {
    const [first = '', ...others] = path;
    // `**` also stands for no member at all.
    if (first === '**') return [path, ...below([others], name)];
    return first === '*' || first === name ? [others] : [];
  });
}

const isEnd = (path: Segments): boolean => path.length === 0;

/** Whether a text here is only on the way of a path: `**` alone passes everywhere and says nothing of a text. */
const isOnTheWay = (path: Segments): boolean => path[0] !== '**';

/**
 * A copy in which what the mask names is replaced.
 *
 * @throws RangeError for what is nested too deeply: who calls drops the field then
 */
export function masked(value: unknown, mask: Mask, depth = 0): unknown {
  if (mask.some(isEnd)) return MASKED;
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply to be masked');
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item, mask, depth + 1));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, masked(member, below(mask, name), depth + 1)]),
    );
  return value !== null && mask.some(isOnTheWay) ? MASKED : value;
}
