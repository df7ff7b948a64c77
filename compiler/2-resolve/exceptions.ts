import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/near.ts';
import type { ExceptionDeclaration } from '../ir/document.ts';
import type { ResolvedException } from '../ir/resolved.ts';
import type { Span } from '../ir/source.ts';
import { showDuration } from '../laws/show.ts';
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

/** No exception lasts longer than the file lets it, wherever it was granted. */
export function checkDurations(
  exceptions: readonly ResolvedException[],
  most: { readonly value: number; readonly span: Span },
  diagnostics: Diagnostics,
): void {
  if (!Number.isFinite(most.value)) return;
  const related = [{ message: 'no exception may last longer', span: most.span }];
  for (const { notBefore, expires } of exceptions) {
    const lasts = notBefore && expires.value - notBefore.value;
    if (lasts !== null && lasts <= most.value) continue;
    const texts = { lasts: lasts === null ? null : showDuration(lasts), most: showDuration(most.value) };
    diagnostics.report('PL2226', texts, expires.span, related);
  }
}

/** The exceptions of several parents, each once. */
export function joinExceptions(
  held: readonly ResolvedException[],
  next: readonly ResolvedException[],
): readonly ResolvedException[] {
  return [...held, ...next.filter((one) => !held.some((other) => samePlace(one.span, other.span)))];
}
