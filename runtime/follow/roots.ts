/** From the trust root that a service is shipped with to the last one there is, step by step, by signature. */
import { updateTrustRoot } from '../root.ts';
import type { TrustRoot } from '../trust.ts';
import type { Memory } from './memory.ts';
import { sourceOf, type Bounds, type Found } from './source.ts';

/** Of a signed trust root; see `updateTrustRoot`. */
const MAX_BYTES = 0x400000;
/** How many signers a trust root may have, and how many of its versions are walked at once. */
const MOST = 16;

/** Gives the signature of one root by one signer, or nothing where there is none. */
type ReadSignature = (version: number, index: number) => Promise<Found>;

/** By convention: the first signer's, then one for each further one. */
const nameOf = (root: string, index: number): string =>
  `${root}${index === 0 ? '' : `.${index + 1}`}.sigstore.json`;
const keptName = (version: number, index: number): string => nameOf(`trust.${version}.json`, index);

export interface RootWalk {
  /** Walks what was kept. */
  readonly again: (from: TrustRoot) => Promise<TrustRoot>;
  /** Walks what is published, and keeps it. `take` is told of each step. */
  readonly onward: (from: TrustRoot, take: (next: TrustRoot) => void) => Promise<void>;
}

/**
 * @param published - a path or an address with `{version}`; left out where none are published
 * @param now - milliseconds since the epoch
 */
export function rootWalk(
  published: string | undefined,
  memory: Memory,
  bounds: Omit<Bounds, 'size'>,
  now: () => number,
): RootWalk {
  async function signaturesOf(read: ReadSignature, version: number): Promise<Uint8Array[]> {
    const signatures: Uint8Array[] = [];
    while (signatures.length < MOST) {
      const next = await read(version, signatures.length);
      if (!next) break;
      signatures.push(next);
    }
    return signatures;
  }

  /** One step; nothing where there is no next root. */
  async function step(
    from: TrustRoot,
    read: ReadSignature,
  ): Promise<{ readonly next: TrustRoot; readonly signatures: readonly Uint8Array[] } | undefined> {
    const signatures = await signaturesOf(read, from.version + 1);
    if (signatures.length === 0) return undefined;
    return { next: await updateTrustRoot(from, signatures, now()), signatures };
  }

  const kept: ReadSignature = (version, index) => memory.recall(keptName(version, index));
  const fetched: ReadSignature = (version, index) => {
    const root = (published ?? '').replaceAll('{version}', String(version));
    return sourceOf(nameOf(root, index), { ...bounds, size: MAX_BYTES }).read();
  };

  return {
    async again(from) {
      let root = from;
      for (let each = await step(root, kept); each; each = await step(root, kept)) root = each.next;
      return root;
    },
    async onward(from, take) {
      if (published === undefined) return;
      let root = from;
      for (let steps = 0; steps < MOST; steps += 1) {
        const taken = await step(root, fetched);
        if (!taken) return;
        // The first one last: where it is, all of them are, whenever the process is killed.
        for (const [index, signature] of [...taken.signatures.entries()].reverse())
          await memory.keep(keptName(taken.next.version, index), signature);
        root = taken.next;
        take(root);
      }
    },
  };
}
