import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { ExceptionDeclaration } from '../ir/document.ts';
import type { ResolvedException } from '../ir/resolved.ts';
import { samePlace } from './chain.ts';
import type { RuleMap } from './rule-map.ts';

/** An exception as an entry has it; reports one of a rule that is not there. */
export function grant(
  policy: string,
  declared: ExceptionDeclaration,
  rules: RuleMap,
  diagnostics: Diagnostics,
): readonly ResolvedException[] {
  const { value: rule, span } = declared.rule;
  if (!rules.has(rule)) {
    diagnostics.report('PL2224', { rule, near: nearest(rule, rules.keys()) }, span);
    return [];
  }
  return [{ ...declared, rule, policy }];
}

/** A final rule takes no exceptions, wherever it was made final and wherever the exception stands. */
export function checkFinal(
  exceptions: readonly ResolvedException[],
  rules: RuleMap,
  diagnostics: Diagnostics,
): void {
  for (const { rule: id, span } of exceptions) {
    const rule = rules.get(id);
    if (!rule?.final) continue;
    const at = rule.chain.find(({ says }) => says.endsWith('final'))?.span ?? rule.span;
    diagnostics.report('PL2225', { rule: id }, span, [{ message: 'it is made final here', span: at }]);
  }
}

/** The exceptions of several parents, each once. */
export function joinExceptions(
  held: readonly ResolvedException[],
  next: readonly ResolvedException[],
): readonly ResolvedException[] {
  return [...held, ...next.filter((one) => !held.some((other) => samePlace(one.span, other.span)))];
}
