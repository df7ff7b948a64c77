/** Rules as the module writes them down. */
import type { TripKind } from '../ir/guard.ts';
import type { MoreStepsThan, ProgramRule } from '../ir/program.ts';
import { js, join, literal } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { emitWholePlan, isWholePlan } from './plan-rules/index.ts';
import type { Scope } from './scope.ts';
import { emitAsked, emitReasons } from './test.ts';

/** A rule as `asked` and `explain` of the support code take it; one about the whole plan answers for itself. */
export function emitRule(rule: ProgramRule, scope: Scope, trips: TripKind | null): Code {
  const { condition } = rule;
  if (isWholePlan(condition)) return emitWholePlan(condition, scope);
  if (condition.kind === 'more-steps-than') return emitLimit(condition, scope);
  // No plan and no call is asked; what a finding says is said where a result is looked at.
  if (condition.kind === 'result-token') return js`{}`;
  if (rule.scope === 'step') return emitAsked(rule.condition, scope, trips);
  return js`{r:()=>[${join(emitReasons(condition, scope, trips), js`,`)}]}`;
}

/** Entries have limits of their own, so what they say is written once. */
function emitLimit({ limit }: MoreStepsThan, scope: Scope): Code {
  const says = js`${literal('the plan has more than ')}+n+${literal(' steps')}`;
  return js`${scope.constant('s', js`n=>({r:()=>[[()=>{},${says}]]})`)}(${literal(limit)})`;
}
