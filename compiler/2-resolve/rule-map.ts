import type { ResolvedRule } from '../ir/resolved.ts';

/**
 * Rules by id, as changes over what is inherited: a file that inherits 10,000 rules and adds one costs one. A map
 * is not changed any more once another stands on it.
 */
export class RuleMap {
  readonly base: RuleMap | null;
  /** What several parents have together. */
  readonly isJoint: boolean;
  readonly #own = new Map<string, ResolvedRule>();

  constructor(base: RuleMap | null, isJoint = false) {
    this.base = base;
    this.isJoint = isJoint;
  }

  get(id: string): ResolvedRule | undefined {
    return this.#own.get(id) ?? this.base?.get(id);
  }

  has(id: string): boolean {
    return this.#own.has(id) || (this.base?.has(id) ?? false);
  }

  set(id: string, rule: ResolvedRule): void {
    this.#own.set(id, rule);
  }

  /** What this map alone says: rules that are new, and those that stand in for inherited ones. */
  get own(): ReadonlyMap<string, ResolvedRule> {
    return this.#own;
  }

  /** In the order in which the ids came, inherited ones first. */
  *keys(): IterableIterator<string> {
    if (this.base) yield* this.base.keys();
    for (const id of this.#own.keys()) if (!this.base?.has(id)) yield id;
  }

  *values(): IterableIterator<ResolvedRule> {
    for (const id of this.keys()) {
      const rule = this.get(id);
      if (rule) yield rule;
    }
  }
}

function downFrom(map: RuleMap): readonly RuleMap[] {
  return map.base ? [map, ...downFrom(map.base)] : [map];
}

/** Ids on which two maps may differ: what either says above the last map they have in common. */
export function differing(a: RuleMap, b: RuleMap): ReadonlySet<string> {
  const [ofA, ofB] = [downFrom(a), downFrom(b)];
  const isShared = (map: RuleMap): boolean => ofA.includes(map) && ofB.includes(map);
  const above = [ofA, ofB].flatMap((maps) => maps.filter((map) => !isShared(map)).reverse());
  return new Set(above.flatMap((map) => [...map.own.keys()]));
}
