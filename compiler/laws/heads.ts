import type { ResolvedRule, RuleHead } from '../ir/resolved.ts';
import { enforcement, final, references, severity, weight } from './values.ts';
import type { Law } from './values.ts';

/** What a rule may say of itself beside its condition, each with the law that a child is held to. */
type Strength = Pick<RuleHead, 'severity' | 'enforcement' | 'weight' | 'final' | 'references'>;

export const HEAD_LAWS: { readonly [Key in keyof Strength]-?: Law<Strength[Key]> } = {
  severity,
  enforcement,
  weight,
  final,
  references,
};

export const STRENGTHS = Object.keys(HEAD_LAWS) as readonly (keyof Strength)[];

/** What two rules of one id are together. */
export const joinStrengths = (a: ResolvedRule, b: ResolvedRule): Strength => ({
  severity: severity.join(a.severity, b.severity),
  enforcement: enforcement.join(a.enforcement, b.enforcement),
  weight: weight.join(a.weight, b.weight),
  final: final.join(a.final, b.final),
  references: references.join(a.references, b.references),
});
