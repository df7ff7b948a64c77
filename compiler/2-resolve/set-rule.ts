import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { openTo, withoutArgument } from '../examples/of-rule.ts';
import type { BoundRule, ResolvedRule } from '../ir/resolved.ts';
import { checkDomain, checkTighter, reportWeaker, settingName, showSetting } from '../laws/tighten.ts';
import * as laws from '../laws/values.ts';
import { isOfAuthor, joinRules } from './join.ts';

/**
 * An inherited setting after a child has written it: tightened by its law, or, where the parent declared it a
 * default, set anew within its domain.
 *
 * @param standing - the rule as the child has it so far, whose severity and weight it may have refined
 */
export function setRule(
  parent: ResolvedRule,
  standing: ResolvedRule,
  child: ResolvedRule,
  diagnostics: Diagnostics,
): ResolvedRule {
  if (isOfAuthor(parent) || isOfAuthor(child)) return joinRules(standing, child, diagnostics);
  const chain = [...standing.chain, ...child.chain];
  // A setting says nothing of weight and severity; those of the parent, refined or not, stay.
  const { weight, severity, enforcement } = standing;
  const final = standing.final || child.final;
  const references = child.references ?? standing.references;
  const head = { weight, severity, enforcement, final, ...(references && { references }), chain };
  if (laws.references.weakens(standing.references, references)) {
    const texts = { parent: 'check', child: 'allow', example: openTo(parent) };
    const places = [parent.span, child.span] as const;
    reportWeaker(`${settingName(child)}.references`, laws.references, texts, places, diagnostics);
  }
  const next =
    child.kind === 'bound' && parent.kind === 'bound'
      ? { ...child, ...head, tool: parent.tool, optional: optionalOf(parent, child, diagnostics) }
      : { ...child, ...head };
  if ('domain' in parent && parent.domain) {
    checkDomain(parent, child, diagnostics);
    return next;
  }
  if ('domain' in child && child.domain) {
    const texts = { setting: settingName(child), parent: showSetting(parent), child: showSetting(child) };
    const related = [{ message: `the inherited value: ${texts.parent}`, span: parent.span }];
    diagnostics.report('PL2110', texts, child.domain.span, related);
  }
  checkTighter(parent, child, diagnostics);
  return joinRules(standing, next, diagnostics);
}

/** What is said of a missing argument: no domain speaks of it, so it only tightens. */
function optionalOf(parent: BoundRule, child: BoundRule, diagnostics: Diagnostics): boolean | undefined {
  if (!laws.optional.weakens(parent.optional, child.optional)) return child.optional ?? parent.optional;
  const texts = { parent: 'false', child: 'true', example: withoutArgument(parent) };
  const places = [parent.span, child.span] as const;
  reportWeaker(`${settingName(child)}.optional`, laws.optional, texts, places, diagnostics);
  return parent.optional;
}
