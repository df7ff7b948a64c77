import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { LeafDeclaration, PatternDeclaration, PolicyDocument } from '../ir/document.ts';
import { allLayers } from '../ir/layer.ts';
import type { Layer } from '../ir/layer.ts';
import type { PatternRule, ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';

/** What analyses look at: policies that compile. */
export interface Subject {
  /** Every policy file of the directory, also those that no entry extends. */
  readonly documents: readonly PolicyDocument[];
  readonly policies: ResolvedPolicies;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Exceptions that expire within this time are told of, in milliseconds. */
  readonly warnExpiry: number;
  readonly budget: Budget;
}

/** How much of the comparison of rules with rules is done, which grows with the square of their number at worst. */
export interface Budget {
  /** Pairs that are looked at by example. */
  readonly guesses: number;
  /** Pairs that are proved or refuted. */
  readonly proofs: number;
}

/** A few seconds. */
export const DEFAULT_BUDGET: Budget = { guesses: 5_000_000, proofs: 5_000 };

/**
 * One thing that policies are looked through for. It reports warnings, and only of what is certain: what it does not
 * understand (a kind of rule that came later, a condition in CEL) it passes over.
 */
export interface Analysis {
  readonly name: string;
  readonly run: (subject: Subject, diagnostics: Diagnostics) => void;
}

/** The layers of all entries, each once, what is inherited first. */
export function layersOf({ entries }: ResolvedPolicies): readonly Layer<ResolvedRule>[] {
  return allLayers(entries.map(({ layer }) => layer));
}

/** The rules of all entries, each once, and those that children have replaced. */
export function rulesOf(policies: ResolvedPolicies): readonly ResolvedRule[] {
  return [...new Set(layersOf(policies).flatMap(({ added }) => added))];
}

/** Names of rules that some exception excuses from, so that others must stop what they do not. */
export function excusedIn({ entries }: ResolvedPolicies): ReadonlySet<string> {
  return new Set(entries.flatMap(({ exceptions }) => exceptions.map(({ rule }) => rule)));
}

/** The rules that a policy declares with a pattern or a condition; of those with the same pattern one. */
export function patternRulesOf(policies: ResolvedPolicies): readonly PatternRule[] {
  const found = new Map<PatternDeclaration, PatternRule>();
  for (const rule of rulesOf(policies)) {
    if (rule.kind === 'pattern' && !found.has(rule.pattern)) found.set(rule.pattern, rule);
  }
  return [...found.values()];
}

export function childrenOf({ and, or, not }: PatternDeclaration): readonly PatternDeclaration[] {
  return [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
}

/** Every test of a pattern. */
export function leavesOf(pattern: PatternDeclaration): readonly LeafDeclaration[] {
  return [...(pattern.leaf ? [pattern.leaf] : []), ...childrenOf(pattern).flatMap(leavesOf)];
}
