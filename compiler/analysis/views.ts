import type { PolicyFile, ResolvedRule } from '../ir/resolved.ts';

/**
 * What the author of a rule can know: the rule's own file and all it extends. That a child's rule makes an inherited
 * one needless is no mistake of the parent, which has other children.
 */
export class Views {
  readonly #parents: ReadonlyMap<string, readonly string[]>;
  readonly #above = new Map<string, ReadonlySet<string>>();

  constructor(hierarchy: readonly PolicyFile[]) {
    this.#parents = new Map(hierarchy.map(({ path, parents }) => [path, parents]));
  }

  /** Whether all that made `other` what it is stands in the files of `rule`, or above them. */
  sees(rule: ResolvedRule, other: ResolvedRule): boolean {
    const files = [...new Set(rule.chain.map(({ span }) => span.file.path))];
    return other.chain.every(({ span }) => files.some((file) => this.#aboveOf(file).has(span.file.path)));
  }

  #aboveOf(file: string): ReadonlySet<string> {
    const known = this.#above.get(file);
    if (known) return known;
    const found = new Set([file]);
    // The set grows while it is walked.
    for (const path of found) for (const parent of this.#parents.get(path) ?? []) found.add(parent);
    this.#above.set(file, found);
    return found;
  }
}
