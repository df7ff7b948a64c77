import type { PatternDeclaration } from './document.ts';
import type { ResolvedRule } from './resolved.ts';
import { wholePlanTools } from './whole-plan.ts';

/** Every tool name and glob that a rule mentions. */
export function toolsOf(rule: ResolvedRule): readonly string[] {
  if (rule.kind === 'allow') return rule.layers.flatMap((layer) => layer.globs);
  if (rule.kind === 'whole-plan') return wholePlanTools(rule.body).map(({ value }) => value);
  return rule.kind === 'pattern' ? patternTools(rule.pattern) : [];
}

function patternTools({ tools, and, or, not }: PatternDeclaration): readonly string[] {
  const nested = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  return [...(tools ?? []).map((tool) => tool.value), ...nested.flatMap(patternTools)];
}

/** Places where a bound's key can be cut into tool and argument, the longest tool first. */
export function cutsOf(key: string): readonly number[] {
  return [...key.matchAll(/\./g)].map((found) => found.index).reverse();
}
