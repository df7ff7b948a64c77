import type { ProgramRule, WholePlanTest } from '../../ir/program.ts';
import type { Code } from '../code.ts';
import type { Scope } from '../scope.ts';
import { emitFlows } from './flows.ts';
import { emitMaxCalls } from './max-calls.ts';
import { emitRequireAfter, emitRequireBefore } from './pairing.ts';

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
    default:
      throw new TypeError(`${test.kind} is not lowered`);
  }
}
