import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { LeafDeclaration, PatternDeclaration, PolicyDocument } from '../ir/document.ts';
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

/** The rules of all entries, each once. */
export function rulesOf({ entries }: ResolvedPolicies): readonly ResolvedRule[] {
  return [...new Set(entries.flatMap((entry) => entry.rules))];
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
