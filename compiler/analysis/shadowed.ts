/** Rules that add nothing to a decision because another rule fires wherever they do, and rules stated twice. */
import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { ArgTest, Expr } from '../ir/program.ts';
import { layersUpTo } from '../ir/layer.ts';
import type { Layer } from '../ir/layer.ts';
import type { ResolvedRule } from '../ir/resolved.ts';
import { extentOf } from '../patterns/index.ts';
import { implies } from '../proof/implies.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { alwaysFires, neverHolds } from '../proof/satisfy.ts';
import { excusedIn, layersOf } from './analysis.ts';
import type { Analysis, Budget } from './analysis.ts';
import { Guesses, ShadowIndex, indexed, languageOf } from './shadow-index.ts';
import type { Indexed } from './shadow-index.ts';
import { Views } from './views.ts';

export const shadowed: Analysis = {
  name: 'shadowed and duplicate rules',
  run: ({ policies, budget }, diagnostics) => {
    const search = new Search(new Views(policies.hierarchy), excusedIn(policies), diagnostics, budget);
    for (const layer of layersOf(policies)) search.layer(layer);
    search.end();
  },
};

/** What later rules are compared with. */
interface Known {
  readonly index: ShadowIndex<ResolvedRule>;
  /** The first rule of each condition. */
  readonly first: Map<string, ResolvedRule>;
}

class Search {
  readonly #views: Views;
  readonly #excused: ReadonlySet<string>;
  readonly #diagnostics: Diagnostics;
  readonly #guesses = new Guesses();
  /** Pairs that another entry has shown already. */
  readonly #compared = new Map<ResolvedRule, Set<ResolvedRule>>();
  readonly #known = new Map<Layer<ResolvedRule>, Known>();
  /** Rules met so far. */
  #rules = 0;
  /** Rules that were not compared. */
  #left = 0;
  #guessesLeft: number;
  #proofsLeft: number;

  constructor(
    views: Views,
    excused: ReadonlySet<string>,
    diagnostics: Diagnostics,
    { guesses, proofs }: Budget,
  ) {
    this.#excused = excused;
    this.#guessesLeft = guesses;
    this.#proofsLeft = proofs;
    this.#views = views;
    this.#diagnostics = diagnostics;
  }

  /** Compares what a layer adds with all that is there; what is below it has been compared. */
  layer(layer: Layer<ResolvedRule>): void {
    const free = layer.added.filter(({ id }) => !this.#excused.has(id));
    const all = free.flatMap((rule, i) => {
      // The list of tools says by itself what is outside of it.
      const condition = rule.kind === 'allow' ? null : conditionOfRule(rule);
      return condition ? [indexed(rule, condition, this.#rules + i)] : [];
    });
    this.#rules += free.length;
    const unconditional = all.filter(({ rule }) => !(rule.kind === 'pattern' && rule.when));
    this.#known.set(layer, { index: new ShadowIndex(unconditional), first: new Map() });
    const told = this.#duplicates(layer, free);
    for (const one of all) {
      if (told.has(one.rule)) continue;
      if (this.#isSpent()) this.#left += 1;
      else this.#lookFor(one, layer);
    }
  }

  /** Says so where not all was compared. */
  end(): void {
    if (this.#left > 0) this.#diagnostics.report('PL4119', { rules: this.#left }, null);
  }

  #isSpent(): boolean {
    return this.#guessesLeft <= 0 || this.#proofsLeft <= 0;
  }

  /** Reports rules whose condition is written again; the first of them stays. */
  #duplicates(layer: Layer<ResolvedRule>, rules: readonly ResolvedRule[]): ReadonlySet<ResolvedRule> {
    const told = new Set<ResolvedRule>();
    const { first } = this.#at(layer);
    for (const rule of rules) {
      const key = rule.kind === 'pattern' ? keyOf(rule) : null;
      if (key === null) continue;
      const by = layersUpTo(layer).flatMap((below) => this.#at(below).first.get(key) ?? [])[0];
      if (!by) first.set(key, rule);
      else if (by.id !== rule.id && this.#views.sees(rule, by)) {
        told.add(rule);
        this.#comparedWith(by).add(rule);
        this.#report('PL4112', rule, by);
      }
    }
    return told;
  }

  #at(layer: Layer<ResolvedRule>): Known {
    return this.#known.get(layer) ?? { index: new ShadowIndex([]), first: new Map() };
  }

  #lookFor(one: Indexed<ResolvedRule>, layer: Layer<ResolvedRule>): void {
    const seen = this.#comparedWith(one.rule);
    const candidates = layersUpTo(layer).map((below) => this.#at(below).index.candidates(one));
    for (const other of candidates.flatMap((some) => [...some])) {
      this.#guessesLeft -= 1;
      if (this.#isSpent()) {
        this.#left += 1;
        return;
      }
      // What a child has replaced is another rule of the same name.
      if (other === one || other.rule.id === one.rule.id || seen.has(other.rule)) continue;
      if (!isAtLeast(other.rule, one.rule) || !this.#guesses.mayImply(one, other)) continue;
      seen.add(other.rule);
      if (!this.#views.sees(one.rule, other.rule)) continue;
      this.#proofsLeft -= 1;
      if (implies(one.condition, other.condition).kind !== 'proved') continue;
      // What fires always or never has been told of by itself, and would be told of with every other rule.
      if (isSettled(one) || isSettled(other)) continue;
      // Of two that imply each other the later one is told of.
      const isFirst = one.order < other.order && isAtLeast(one.rule, other.rule);
      if (isFirst && implies(other.condition, one.condition).kind === 'proved') continue;
      this.#report('PL4111', one.rule, other.rule);
      return;
    }
  }

  #comparedWith(rule: ResolvedRule): Set<ResolvedRule> {
    const seen = this.#compared.get(rule) ?? new Set();
    this.#compared.set(rule, seen);
    return seen;
  }

  #report(code: 'PL4111' | 'PL4112', rule: ResolvedRule, by: ResolvedRule): void {
    const related = [{ message: `\`${by.id}\` is here`, span: by.span }];
    this.#diagnostics.report(code, { rule: rule.id, by: by.id }, rule.span, related);
  }
}

function isSettled({ condition, tests }: Indexed<ResolvedRule>): boolean {
  const isOfText = ({ test }: ArgTest): boolean => {
    const language = languageOf(test);
    return language !== null && ['every', 'none'].includes(extentOf(language));
  };
  return tests.some(isOfText) || alwaysFires(condition) || neverHolds(condition);
}

/** Whether a decision is as strong without the weaker rule: in what it does, and in the risk score. */
function isAtLeast(strong: ResolvedRule, weak: ResolvedRule): boolean {
  const rank = <T>(order: readonly T[], value: T): number => order.indexOf(value);
  return (
    rank(SEVERITIES, strong.severity) >= rank(SEVERITIES, weak.severity) &&
    rank(ENFORCEMENTS, strong.enforcement) >= rank(ENFORCEMENTS, weak.enforcement) &&
    // Below a denial weights add up, and may reach the threshold.
    (strong.enforcement === 'deny' || weak.weight === 0)
  );
}

/** The condition of a rule as a key: alternatives in any order are the same. */
function keyOf(rule: Extract<ResolvedRule, { kind: 'pattern' }>): string {
  const condition = conditionOfRule(rule);
  return JSON.stringify([rule.scope, rule.when?.value.trim() ?? null, condition && inOrder(condition)]);
}

function inOrder(condition: Expr): unknown {
  if (condition.kind === 'tool') return { ...condition, globs: [...condition.globs].sort() };
  if (condition.kind !== 'and' && condition.kind !== 'or') return condition;
  return { kind: condition.kind, items: condition.items.map((item) => JSON.stringify(inOrder(item))).sort() };
}
