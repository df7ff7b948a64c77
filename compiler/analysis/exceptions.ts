/** Exceptions that have ended, that end soon, and that never begin to apply. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { globCovers } from '../glob/covers.ts';
import { findRule } from '../ir/layer.ts';
import type { ResolvedException, ResolvedPolicies, ResolvedRule } from '../ir/resolved.ts';
import { conditionOfRule } from '../proof/rule.ts';
import { mayFireOn } from '../proof/satisfy.ts';
import type { Analysis } from './analysis.ts';

const DAY = 86_400_000;
const YEAR = 366 * DAY;

export const exceptions: Analysis = {
  name: 'exceptions',
  run: ({ policies, now, warnExpiry }, diagnostics) => {
    for (const exception of new Set(policies.entries.flatMap((entry) => entry.exceptions))) {
      const { rule, expires, span } = exception;
      const left = expires.value - now;
      const date = new Date(expires.value).toISOString().slice(0, 10);
      if (left <= 0) diagnostics.report('PL4131', { rule, date }, expires.span);
      else if (left <= warnExpiry) {
        diagnostics.report('PL4132', { rule, date, days: Math.ceil(left / DAY) }, expires.span);
      } else if (left > YEAR) diagnostics.report('PL4135', { rule, date }, expires.span);
      const { tools, context } = exception.scope;
      const everything = tools?.find(({ value }) => globCovers(value, '*'));
      if (everything && context.length === 0) diagnostics.report('PL4134', { rule }, everything.span);
      reportIdle(exception, policies, span, diagnostics);
    }
  },
};

/** The rule may differ from entry to entry; the exception must apply in none. */
function reportIdle(
  exception: ResolvedException,
  { entries }: ResolvedPolicies,
  span: ResolvedException['span'],
  diagnostics: Diagnostics,
): void {
  const tools = exception.scope.tools?.map(({ value }) => value);
  if (!tools) return;
  const granting = entries.filter((entry) => entry.exceptions.includes(exception));
  const rules = granting.map((entry) => findRule(entry.layer, ({ id }) => id === exception.rule));
  if (rules.every((rule) => rule && !mayApply(rule, tools))) {
    diagnostics.report('PL4133', { rule: exception.rule }, span);
  }
}

function mayApply(rule: ResolvedRule, tools: readonly string[]): boolean {
  // A plan as a whole uses no tool, so that no exception for tools covers it.
  if (rule.kind === 'max-steps' || (rule.kind === 'pattern' && rule.scope === 'plan')) return false;
  const condition = conditionOfRule(rule);
  return !condition || mayFireOn(condition, tools);
}
