import type { ProgramRule, WholePlanTest } from '../../ir/program.ts';
import type { Code } from '../../code/code.ts';
import type { Scope } from '../scope.ts';
import { emitFlows } from './flows.ts';
import { emitMaxCalls } from './max-calls.ts';
import { emitMaxTotal } from './max-total.ts';
import { emitOnFail } from './on-fail.ts';
import { emitRequireAfter, emitRequireBefore } from './pairing.ts';
import { emitSeparateDuty } from './separate-duty.ts';

export function isWholePlan(condition: ProgramRule['condition']): condition is WholePlanTest {
  return 'tools' in condition;
}

/** A rule about the whole plan as a call of the support code, which gives a `WholePlanRule`. */
export function emitWholePlan(test: WholePlanTest, scope: Scope): Code {
  switch (test.kind) {
    case 'max_calls':
      return emitMaxCalls(test, scope);
    case 'require_before':
      return emitRequireBefore(test, scope);
    case 'require_after':
      return emitRequireAfter(test, scope);
    case 'flows':
      return emitFlows(test, scope);
    case 'max_total':
      return emitMaxTotal(test, scope);
    case 'separate_duty':
      return emitSeparateDuty(test, scope);
    case 'on_fail':
      return emitOnFail(test, scope);
  }
}

/** The same rule as a session asks it; `null` for one of which no call can be asked anything. */
export function emitOnline(test: WholePlanTest, scope: Scope): Code | null {
  switch (test.kind) {
    case 'max_calls':
      return emitMaxCalls(test, scope, 'onlineCalls');
    case 'require_before':
      return emitRequireBefore(test, scope, 'onlineBefore');
    case 'require_after':
      return emitRequireAfter(test, scope, 'onlineAfter');
    case 'flows':
      return emitFlows(test, scope, 'onlineFlows');
    case 'max_total':
      return emitMaxTotal(test, scope, 'onlineTotal');
    case 'separate_duty':
      return emitSeparateDuty(test, scope, 'onlineDuties');
    case 'on_fail':
      return null;
  }
}
