import type { Aggregate, Enforcement, Severity } from '@plan-lint/runtime/contract';
import type { PatternDeclaration } from './document.ts';
import type { SourceFile, Span } from './source.ts';

/** What all entries of a policy directory mean once inheritance is resolved. Stage: resolve → lower. */
export interface ResolvedPolicies {
  readonly entries: readonly ResolvedPolicy[];
  /** The entry that decides when none is named; `null`: all of them. */
  readonly defaultEntry: string | null;
  /** Name of the bundle as `plan-lint.yaml` gives it. */
  readonly bundleName: string | null;
  /** Every file in the closure of `extends` of the entries, and `plan-lint.yaml`, by path. */
  readonly sources: readonly SourceFile[];
}

/** One entry: a flat list of rules, settings among them, each with the place that has the last word on it. */
export interface ResolvedPolicy {
  readonly name: string;
  readonly file: SourceFile;
  /** Files in C3 order, the entry's own first. */
  readonly chain: readonly string[];
  readonly rules: readonly ResolvedRule[];
  readonly threshold: number;
  readonly aggregate: Aggregate;
}

export interface RuleHead {
  /** Unique in an entry: a rule's own name, or the setting with its key, as `bounds["payments.transfer.amount"]`. */
  readonly id: string;
  readonly policy: string;
  readonly severity: Severity;
  readonly enforcement: Enforcement;
  readonly category: string;
  readonly weight: number;
  readonly description: string;
  readonly span: Span;
}

export type ResolvedRule = PatternRule | AllowRule | BoundRule | DenyTokenRule | MaxStepsRule;

/** Fires on a step for which the pattern does not fail. */
export interface PatternRule extends RuleHead {
  readonly kind: 'pattern';
  readonly pattern: PatternDeclaration;
}

/** Fires on a step whose tool some layer does not cover: each `allow_tools` of the chain is a layer. */
export interface AllowRule extends RuleHead {
  readonly kind: 'allow';
  readonly layers: readonly AllowLayer[];
}

export interface AllowLayer {
  readonly globs: readonly string[];
  readonly span: Span;
}

/** Fires on a step of the tool whose argument is not a number within the interval. */
export interface BoundRule extends RuleHead {
  readonly kind: 'bound';
  /** Tool and argument joined by a dot, as written; 3-lower finds where the tool ends. */
  readonly key: string;
  readonly min: number | null;
  readonly max: number | null;
}

/** Fires on a step in whose arguments any text matches. */
export interface DenyTokenRule extends RuleHead {
  readonly kind: 'deny-token';
  readonly regex: string;
}

/** Fires on a plan with more steps than the limit. */
export interface MaxStepsRule extends RuleHead {
  readonly kind: 'max-steps';
  readonly limit: number;
}
