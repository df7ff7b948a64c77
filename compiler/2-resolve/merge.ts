import type { Aggregate } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { PolicyBlock, PolicyDocument } from '../ir/document.ts';
import type { AllowRule, ResolvedRule } from '../ir/resolved.ts';
import type { Located, Span } from '../ir/source.ts';
import { DEFAULT_AGGREGATE, DEFAULT_THRESHOLD } from './defaults.ts';
import { globCovers } from '../glob/covers.ts';
import { joinRules } from './join.ts';
import * as laws from './laws.ts';
import type { Law } from './laws.ts';
import { rulesOf } from './settings.ts';

/** A value that some line has set; `span` is `null` for a default of the language. */
interface Held<T> {
  readonly value: T;
  readonly span: Span | null;
}

/** What a document means together with everything it inherits. */
export class Merged {
  readonly #diagnostics: Diagnostics;
  readonly #rules = new Map<string, ResolvedRule>();
  #threshold: Held<number> = { value: DEFAULT_THRESHOLD, span: null };
  #aggregate: Held<Aggregate> = { value: DEFAULT_AGGREGATE, span: null };

  private constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Joins the parents (in any order the same), then tightens by what the document itself says. */
  static of(document: PolicyDocument, parents: readonly Merged[], diagnostics: Diagnostics): Merged {
    const merged = new Merged(diagnostics);
    parents.forEach((parent, i) => merged.#absorb(parent, i === 0));
    merged.#add(document);
    return merged;
  }

  get rules(): readonly ResolvedRule[] {
    return [...this.#rules.values()];
  }

  get threshold(): number {
    return this.#threshold.value;
  }

  get aggregate(): Aggregate {
    return this.#aggregate.value;
  }

  #absorb(parent: Merged, first: boolean): void {
    for (const [id, rule] of parent.#rules) this.#join(id, rule);
    this.#threshold = first
      ? parent.#threshold
      : stricter(laws.threshold, this.#threshold, parent.#threshold);
    this.#aggregate = first
      ? parent.#aggregate
      : stricter(laws.aggregate, this.#aggregate, parent.#aggregate);
  }

  #join(id: string, next: ResolvedRule): void {
    const held = this.#rules.get(id);
    this.#rules.set(id, held ? joinRules(held, next, this.#diagnostics) : next);
  }

  #add(document: PolicyDocument): void {
    const inherited = new Map(this.#rules);
    for (const block of document.policies) {
      for (const rule of rulesOf(block)) {
        const parent = inherited.get(rule.id);
        if (parent) this.#checkTighter(parent, rule);
        this.#join(rule.id, parent ? { ...rule, weight: parent.weight } : rule);
      }
      const { failRiskThreshold, aggregate } = block.settings;
      const child = document.extends.length > 0;
      this.#threshold = this.#scalar(
        'fail_risk_threshold',
        laws.threshold,
        this.#threshold,
        failRiskThreshold,
        child,
      );
      this.#aggregate = this.#scalar('aggregate', laws.aggregate, this.#aggregate, aggregate, child);
    }
    // Weights last: they may name any rule of the document.
    for (const block of document.policies) this.#weights(block, inherited);
  }

  /** A child's setting must not ask for less than the one it inherits; the law then takes the stricter one. */
  #checkTighter(parent: ResolvedRule, child: ResolvedRule): void {
    if (parent.kind === 'max-steps' && child.kind === 'max-steps') {
      if (laws.limit.weakens(parent.limit, child.limit)) {
        this.#weaker('max_steps', laws.limit, [parent.limit, parent.span], [child.limit, child.span]);
      }
    } else if (parent.kind === 'bound' && child.kind === 'bound') {
      if (laws.interval.weakens(parent, child)) {
        const texts = [laws.showInterval(parent), laws.showInterval(child)] as const;
        this.#weaker(parent.id, laws.interval, [texts[0], parent.span], [texts[1], child.span]);
      }
    } else if (parent.kind === 'allow' && child.kind === 'allow') {
      this.#checkNarrower(parent, child);
    }
  }

  #checkNarrower(parent: AllowRule, child: AllowRule): void {
    for (const glob of child.layers.flatMap((layer) => layer.globs)) {
      const open = parent.layers.find((layer) => !layer.globs.some((outer) => globCovers(outer, glob)));
      if (!open) continue;
      const related = [{ message: `the inherited list: ${open.globs.join(', ')}`, span: open.span }];
      this.#diagnostics.report('PL2104', { tool: glob }, child.span, related);
    }
  }

  #weaker(
    setting: string,
    law: { readonly says: string },
    [parent, at]: readonly [number | string, Span | null],
    [child, span]: readonly [number | string, Span],
  ): void {
    const related = at ? [{ message: `the inherited value: ${parent}`, span: at }] : [];
    const params = { setting, parent: String(parent), child: String(child), law: law.says };
    this.#diagnostics.report('PL2102', params, span, related);
  }

  #scalar<T extends number | string>(
    setting: string,
    law: Law<T>,
    held: Held<T>,
    next: Located<T> | undefined,
    child: boolean,
  ): Held<T> {
    if (!next) return held;
    // A policy without parents may loosen a default of the language: nobody has promised it to anyone.
    if (held.span === null && !child) return next;
    if (child && law.weakens(held.value, next.value)) {
      this.#weaker(setting, law, [held.value, held.span], [next.value, next.span]);
    }
    return stricter(law, held, next);
  }

  #weights({ settings }: PolicyBlock, inherited: ReadonlyMap<string, ResolvedRule>): void {
    const names = new Set(
      [...this.#rules.values()].flatMap((rule) => [rule.id, rule.category.toLowerCase()]),
    );
    for (const { name, weight: value, span } of settings.riskWeights) {
      if (!names.has(name) && !names.has(name.toLowerCase())) {
        this.#diagnostics.report('PL2108', { name, near: nearest(name, names) }, span);
      }
      for (const rule of this.#rules.values()) {
        if (rule.id !== name && rule.category.toLowerCase() !== name.toLowerCase()) continue;
        const parent = inherited.get(rule.id);
        if (parent && laws.weight.weakens(parent.weight, value)) {
          this.#weaker(`risk_weights.${name}`, laws.weight, [parent.weight, parent.span], [value, span]);
        }
        this.#rules.set(rule.id, { ...rule, weight: parent ? laws.weight.join(rule.weight, value) : value });
      }
    }
  }
}

function stricter<T>(law: Law<T>, held: Held<T>, next: Held<T>): Held<T> {
  return law.join(held.value, next.value) === held.value ? held : next;
}
