import type { PatternDeclaration } from './document.ts';
import type { ResolvedRule } from './resolved.ts';
import { wholePlanTools } from './whole-plan.ts';

/** Every tool name and glob that a rule mentions. */
export function toolsOf(rule: ResolvedRule): readonly string[] {
  if (rule.kind === 'allow') return rule.layers.flatMap((layer) => layer.globs);
  if (rule.kind === 'result') return [rule.glob];
  const found: string[] = [];
  if (rule.kind === 'whole-plan') {
    if (rule.narrowing) addTools(rule.narrowing.pattern, found);
    return [...wholePlanTools(rule.body).map(({ value }) => value), ...found];
  }
  if (rule.kind === 'pattern') addTools(rule.pattern, found);
  return found;
}

function addTools({ tools, and, or, not }: PatternDeclaration, found: string[]): void {
  for (const { value } of tools ?? []) found.push(value);
  for (const nested of and ?? []) addTools(nested, found);
  for (const nested of or ?? []) addTools(nested, found);
  if (not) addTools(not, found);
}

/** Places where a bound's key can be cut into tool and argument, the longest tool first. */
export function cutsOf(key: string): readonly number[] {
  return [...key.matchAll(/\./g)].map((found) => found.index).reverse();
}

/** Where a key is cut whose tool nobody knows: no tool has brackets in its name, so they are of the argument. */
export const lastCutOf = (key: string): number | undefined =>
  cutsOf(key).find((dot) => !key.slice(0, dot).includes('['));
