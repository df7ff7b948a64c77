import type { Aggregate, Enforcement, Severity } from '@plan-lint/runtime/contract';
import type { Located, SourceFile, Span } from './source.ts';

/** One policy file, its shape checked, nothing resolved yet. Stage: parse → resolve. */
export interface PolicyDocument {
  readonly file: SourceFile;
  /** The file's own `name:`, or the name of its only policy, or its path without the extension. */
  readonly name: string;
  /** Every name by which `extends` and `--entry` may mean this file. */
  readonly aliases: readonly string[];
  readonly extends: readonly Located<string>[];
  /** In file order; the file's own flat settings and rules come first, as a policy of the file's name. */
  readonly policies: readonly PolicyBlock[];
}

export interface PolicyBlock {
  readonly name: string;
  readonly rules: readonly RuleDeclaration[];
  readonly settings: Settings;
}

export interface Settings {
  readonly allowTools?: Located<readonly Located<string>[]>;
  readonly bounds: readonly BoundDeclaration[];
  readonly denyTokens: readonly Located<string>[];
  readonly maxSteps?: Located<number>;
  readonly riskWeights: readonly WeightDeclaration[];
  readonly failRiskThreshold?: Located<number>;
  readonly aggregate?: Located<Aggregate>;
}

/** `bounds: { payments.transfer.amount: [0.01, 10000] }`; `null` leaves an end open. */
export interface BoundDeclaration {
  readonly key: string;
  readonly keySpan: Span;
  readonly min: number | null;
  readonly max: number | null;
  readonly span: Span;
}

/** `risk_weights: { raw_secret: 0.5 }`: the name of a rule, or of a category in lower case. */
export interface WeightDeclaration {
  readonly name: string;
  readonly weight: number;
  readonly span: Span;
}

export interface RuleDeclaration {
  readonly id: Located<string>;
  readonly severity?: Located<Severity>;
  readonly enforcement?: Located<Enforcement>;
  readonly category?: string;
  readonly description: string;
  readonly weight?: Located<number>;
  readonly pattern: PatternDeclaration;
  readonly span: Span;
}

/** A pattern as written: a leaf tests one operation, `and` / `or` / `not` nest; of tools alone, it holds for them. */
export interface PatternDeclaration {
  readonly span: Span;
  readonly tools: readonly Located<string>[] | null;
  readonly leaf: LeafDeclaration | null;
  readonly and: readonly PatternDeclaration[] | null;
  readonly or: readonly PatternDeclaration[] | null;
  readonly not: PatternDeclaration | null;
}

export interface LeafDeclaration {
  readonly arg: Located<string> | null;
  readonly operation: Located<string>;
  /** Absent for operations without an operand. */
  readonly value: Located<OperandValue> | null;
}

export type Scalar = null | boolean | number | string;
export type OperandValue = Scalar | readonly Scalar[];
