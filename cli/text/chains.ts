/** Which files each entry of a bundle is made of, as its statement says. */
import type { BundlePredicate, Digest } from '@plan-lint/runtime/contract';

export interface EntryChain {
  readonly entry: string;
  /** Its own file first, then those that it extends, near ones before far ones; empty where the statement does not say. */
  readonly files: readonly Digest[];
}

export const chainsOf = ({ entries, chains, sources }: BundlePredicate): readonly EntryChain[] =>
  entries.map((entry, i) => ({ entry, files: (chains[i] ?? []).map((place) => sources[place] ?? UNKNOWN) }));

/** A place that the statement has no source for: whoever signed it did not use this compiler. */
const UNKNOWN: Digest = { name: 'no source of this bundle', sha256: '?' };
