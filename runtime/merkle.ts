/** Merkle trees as RFC 6962 §2.1 has them: one root over a list, and a short proof for one of its items. */
import { digestNow } from './sha256.ts';

type Bytes = Uint8Array;

/** Where a leaf stands, and the digests beside its way up to the root, from the leaf on; lower-case hex. */
export interface InclusionProof {
  /** Of the item, from 0. */
  readonly index: number;
  /** How many items there are. */
  readonly count: number;
  readonly path: readonly string[];
}

// What goes before a leaf never goes before a node (§2.1): a node is no item, and an item no node.
const LEAF = [0];
const NODE = [1];

/** The digest of one item. */
export const leafOf = (item: Bytes): Bytes => digestNow(Uint8Array.from([...LEAF, ...item]));
const nodeOf = (left: Bytes, right: Bytes): Bytes => digestNow(Uint8Array.from([...NODE, ...left, ...right]));

/** How many of `count` leaves stand on the left: the largest power of two below (§2.1). */
function leftOf(count: number): number {
  let left = 1;
  while (left * 2 < count) left *= 2;
  return left;
}

/** The root over leaves; of none it is the digest of nothing (§2.1). */
export function rootOf(leaves: readonly Bytes[]): Bytes {
  const [first] = leaves;
  if (!first) return digestNow(new Uint8Array());
  if (leaves.length === 1) return first;
  const left = leftOf(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, left)), rootOf(leaves.slice(left)));
}

/** The digests beside the way of one leaf (§2.1.1). */
export function pathOf(leaves: readonly Bytes[], index: number): readonly Bytes[] {
  if (leaves.length <= 1) return [];
  const left = leftOf(leaves.length);
  const [before, after] = [leaves.slice(0, left), leaves.slice(left)];
  return index < left
    ? [...pathOf(before, index), rootOf(after)]
    : [...pathOf(after, index - left), rootOf(before)];
}

/**
 * The root that a leaf and the digests beside its way lead to.
 *
 * @returns `undefined` where a tree of that many leaves has no such way: too long, too short, or no such leaf
 */
export function climb(
  leaf: Bytes,
  { index, count, path }: { readonly index: number; readonly count: number; readonly path: readonly Bytes[] },
): Bytes | undefined {
  if (!(index >= 0 && index < count)) return undefined;
  if (count === 1) return path.length === 0 ? leaf : undefined;
  const beside = path.at(-1);
  if (!beside) return undefined;
  const left = leftOf(count);
  const below = path.slice(0, -1);
  const own =
    index < left
      ? climb(leaf, { index, count: left, path: below })
      : climb(leaf, { index: index - left, count: count - left, path: below });
  return own && (index < left ? nodeOf(own, beside) : nodeOf(beside, own));
}
