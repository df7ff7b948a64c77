/** Rules about tools that the list of allowed tools, in the same file or above it, denies anyway. */
import { ENFORCEMENTS, SEVERITIES } from '@plan-lint/runtime/contract';
import { nearest } from '../diagnostics/near.ts';
import { globsMeet } from '../glob/meets.ts';
import { findRule } from '../ir/layer.ts';
import type { AllowRule, ResolvedRule } from '../ir/resolved.ts';
import { governedBy } from '../ir/whole-plan.ts';
import type { ToolList, WholePlanBody } from '../ir/whole-plan.ts';
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
      const isDenied = deniedBy(allow);
      const allowed = allow.layers.flatMap(({ globs }) => globs).filter((glob) => !glob.includes('*'));
      const areDenied = (tools: ToolList): boolean =>
        tools.length > 0 && tools.every(({ value }) => isDenied(value));
      for (const rule of layer.added) {
        const { governed, demanded } = toolsOf(rule);
        const moot = isMoot(rule, allow) ? governed.find(areDenied) : undefined;
        const tools = moot ?? demanded.find(areDenied);
        const [first] = tools ?? [];
        if (!first || !views.sees(rule, allow)) continue;
        const params = { rule: rule.id, near: nearest(first.value, allowed) };
        const related = [{ message: 'the list is here', span: allow.span }];
        diagnostics.report(moot ? 'PL4113' : 'PL4114', params, first.span, related);
      }
    }
  },
};

/** Lists of tools of a rule. */
interface RuleTools {
  /** Without a tool of each, the rule never fires. */
  readonly governed: readonly ToolList[];
  /** Without a tool of each, nothing can keep it from firing. */
  readonly demanded: readonly ToolList[];
}

function toolsOf(rule: ResolvedRule): RuleTools {
  if (rule.kind === 'whole-plan') return wholePlanTools(rule.body);
  return { governed: rule.kind === 'pattern' ? [rule.pattern.tools ?? []] : [], demanded: [] };
}

function wholePlanTools(body: WholePlanBody): RuleTools {
  const tools = governedBy(body);
  switch (body.kind) {
    case 'max_calls':
    case 'max_total':
      return { governed: [tools], demanded: [] };
    case 'require_before':
      return { governed: [tools], demanded: [body.before] };
    case 'require_after':
      return { governed: [tools], demanded: [body.after] };
    case 'flows':
      return { governed: body.fromContext.length > 0 ? [tools] : [tools, body.from], demanded: [] };
    case 'separate_duty':
      return { governed: [tools, body.other], demanded: [] };
    case 'on_fail':
      return { governed: [tools], demanded: body.allow.length > 0 ? [] : [body.handlers] };
  }
}

const isMoot = (rule: ResolvedRule, allow: AllowRule): boolean =>
  SEVERITIES.indexOf(allow.severity) >= SEVERITIES.indexOf(rule.severity) &&
  ENFORCEMENTS.indexOf(allow.enforcement) >= ENFORCEMENTS.indexOf(rule.enforcement);

/** Whether every name of a glob is outside some layer of the list; remembers, for rules repeat their tools. */
function deniedBy({ layers }: AllowRule): (tool: string) => boolean {
  const answers = new Map<string, boolean>();
  const isOutside = (tool: string, globs: readonly string[]): boolean =>
    !globs.some((glob) => globsMeet(glob, tool));
  return (tool) => {
    const answer = answers.get(tool) ?? layers.some(({ globs }) => isOutside(tool, globs));
    answers.set(tool, answer);
    return answer;
  };
}
