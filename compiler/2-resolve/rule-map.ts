import type { ResolvedRule } from '../ir/resolved.ts';
import type { Joined } from './join.ts';
import type { Version, Writer } from './versions.ts';

/**
 * Rules by id, as changes over what is inherited: a file that inherits 10,000 rules and adds one costs one. A map
 * is not changed any more once another stands on it.
 */
export class RuleMap {
  readonly base: RuleMap | null;
  readonly #writer: Writer;
  readonly #own = new Map<string, ResolvedRule>();
  /** Versions of conditions that are not, or not alone, the writer's. */
  readonly #versions = new Map<string, readonly Version<ResolvedRule>[]>();

  constructor(base: RuleMap | null, writer: Writer) {
    this.base = base;
    this.#writer = writer;
  }

  get(id: string): ResolvedRule | undefined {
    return this.#own.get(id) ?? this.base?.get(id);
  }

  has(id: string): boolean {
    return this.#own.has(id) || (this.base?.has(id) ?? false);
  }

  /** The condition of a rule as the files have it that wrote it last. */
  versionsOf(id: string): readonly Version<ResolvedRule>[] {
    const own = this.#own.get(id);
    if (!own) return this.base?.versionsOf(id) ?? [];
    return this.#versions.get(id) ?? [{ value: own, writer: this.#writer }];
  }

  /** Sets a rule whose condition is the writer's own word. */
  write(id: string, rule: ResolvedRule): void {
    this.#versions.delete(id);
    this.#own.set(id, rule);
  }

  /** Sets a rule with the condition that it has, and another standing. */
  adjust(id: string, rule: ResolvedRule): void {
    if (!this.#own.has(id)) this.#versions.set(id, this.versionsOf(id));
    this.#own.set(id, rule);
  }

  /** Sets a rule as several parents have it together. */
  join(id: string, { rule, versions }: Joined): void {
    this.#versions.set(id, versions);
    this.#own.set(id, rule);
  }

  /** What this map alone says: rules that are new, and those that stand in for inherited ones. */
  get own(): ReadonlyMap<string, ResolvedRule> {
    return this.#own;
  }

  /** In the order in which the ids came, inherited ones first. */
  keys(): Iterable<string> {
    const { base } = this;
    if (!base) return this.#own.keys();
    const ids = [...base.keys()];
    for (const id of this.#own.keys()) if (!base.has(id)) ids.push(id);
    return ids;
  }

  values(): Iterable<ResolvedRule> {
    if (!this.base) return this.#own.values();
    const rules: ResolvedRule[] = [];
    for (const id of this.keys()) {
      const rule = this.get(id);
      if (rule) rules.push(rule);
    }
    return rules;
  }
}

function downFrom(map: RuleMap): readonly RuleMap[] {
  return map.base ? [map, ...downFrom(map.base)] : [map];
}

/** Ids of which `map` says something above the last map that it has in common with the other, oldest first. */
export function changedAbove(map: RuleMap, other: RuleMap): Iterable<string> {
  const known = new Set(downFrom(other));
  const above = downFrom(map).filter((each) => !known.has(each));
  const [only] = above;
  if (only && above.length === 1) return only.own.keys();
  const ids = new Set<string>();
  for (const each of above.reverse()) for (const id of each.own.keys()) ids.add(id);
  return ids;
}

/** Ids on which two maps may differ. */
export function differing(a: RuleMap, b: RuleMap): ReadonlySet<string> {
  return new Set([...changedAbove(a, b), ...changedAbove(b, a)]);
}

/** Ids that `parent` has and that may mean something else in `child`, which is made from it and maybe others. */
export function changedFrom(parent: RuleMap, child: RuleMap): Iterable<string> {
  const own = new Set(downFrom(parent));
  // Nothing in common: what other parents brought is no matter here.
  return downFrom(child).some((map) => own.has(map)) ? differing(parent, child) : parent.keys();
}
