/** What only a session heeds where there are none, and rules that a session cannot keep as a plan keeps them. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { ResolvedRule, WholePlanRule } from '../ir/resolved.ts';
import type { WholePlanBody } from '../ir/whole-plan.ts';
import { rulesOf } from './analysis.ts';
import type { Analysis } from './analysis.ts';

export const sessions: Analysis = {
  name: 'sessions',
  run: ({ policies }, diagnostics) => {
    const report = policies.capabilities.includes('session') ? reportLoss : reportUnheeded;
    for (const rule of rulesOf(policies)) if (isWholePlan(rule)) report(rule, diagnostics);
    if (report === reportUnheeded) reportResults(policies, diagnostics);
  },
};

const isWholePlan = (rule: ResolvedRule): rule is WholePlanRule => rule.kind === 'whole-plan';

/** What of a rule is asked of calls one by one, as it is written. */
function ofSessions(body: WholePlanBody): string | null {
  if ('within' in body && body.within !== null) return `within: ${body.within.written}`;
  if (body.kind === 'require_after' && body.whileOwed !== null) return 'until: only';
  if (body.kind === 'flows' && body.evidence === 'order') return 'evidence: order';
  return null;
}

/** What nobody looks at where there are no sessions, once for each expression. */
function reportResults(policies: Parameters<typeof rulesOf>[0], diagnostics: Diagnostics): void {
  const spans = [...rulesOf(policies)].flatMap((rule) => (rule.kind === 'result' ? [rule.span] : []));
  // One expression is a rule for each tool.
  for (const span of new Set(spans)) diagnostics.report('PL4181', { what: 'results' }, span);
}

function reportUnheeded({ body }: WholePlanRule, diagnostics: Diagnostics): void {
  const what = ofSessions(body);
  if (what !== null) diagnostics.report('PL4181', { what }, body.span);
}

function reportLoss({ id: rule, body }: WholePlanRule, diagnostics: Diagnostics): void {
  if (body.kind === 'on_fail') diagnostics.report('PL4182', { rule }, body.span);
  if (body.kind === 'require_after' && body.whileOwed === null)
    diagnostics.report('PL4183', { rule }, body.span);
}
