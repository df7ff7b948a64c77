/** Rules about tools that the list of allowed tools, in the same file or above it, denies anyway. */
import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { globsMeet } from '../glob/meets.ts';
import { findRule } from '../ir/layer.ts';
import type { AllowRule, PatternRule } from '../ir/resolved.ts';
import { excusedIn, layersOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';
import { Views } from './views.ts';

export const outsideAllowed: Analysis = {
  name: 'rules about tools that are denied',
  run: ({ policies }, diagnostics) => {
    const views = new Views(policies.hierarchy);
    const excused = excusedIn(policies);
    for (const layer of layersOf(policies)) {
      const allow = findRule(layer, ({ kind }) => kind === 'allow');
      // A default may be set anew, and whoever is excused from the list meets the other rules.
      if (allow?.kind !== 'allow' || allow.domain || excused.has(allow.id)) continue;
      const denied = deniedBy(allow);
      for (const rule of layer.added) {
        if (rule.kind !== 'pattern' || !rule.pattern.tools || !isMoot(rule, allow)) continue;
        if (!rule.pattern.tools.every(({ value }) => denied(value)) || !views.sees(rule, allow)) continue;
        const related = [{ message: 'the list is here', span: allow.span }];
        diagnostics.report('PL4113', { rule: rule.id }, rule.pattern.tools[0]?.span ?? rule.span, related);
      }
    }
  },
};

const isMoot = (rule: PatternRule, allow: AllowRule): boolean =>
  SEVERITIES.indexOf(allow.severity) >= SEVERITIES.indexOf(rule.severity) &&
  ENFORCEMENTS.indexOf(allow.enforcement) >= ENFORCEMENTS.indexOf(rule.enforcement);

/** Whether every name of a glob is outside some layer of the list; remembers, for rules repeat their tools. */
function deniedBy({ layers }: AllowRule): (tool: string) => boolean {
  const known = new Map<string, boolean>();
  const isOutside = (tool: string, globs: readonly string[]): boolean =>
    !globs.some((glob) => globsMeet(glob, tool));
  return (tool) => {
    const found = known.get(tool) ?? layers.some(({ globs }) => isOutside(tool, globs));
    known.set(tool, found);
    return found;
  };
}
