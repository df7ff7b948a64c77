import type { ProgramRule, WholePlanTest } from '../../ir/program.ts';
import { js, literal } from '../../code/code.ts';
import type { Code } from '../../code/code.ts';
import type { Scope, SupportName } from '../scope.ts';
import { emitFlows } from './flows.ts';
import { emitMaxCalls } from './max-calls.ts';
import { emitMaxTotal } from './max-total.ts';
import { emitNarrowing } from './narrowing.ts';
import { emitOnFail } from './on-fail.ts';
import { emitRequireAfter, emitRequireBefore } from './pairing.ts';
import { emitSeparateDuty } from './separate-duty.ts';
import { emitTools } from './tools.ts';

export function isWholePlan(condition: ProgramRule['condition']): condition is WholePlanTest {
  return 'tools' in condition;
}

/** How a kind of rule is emitted, and by which support code it is asked. */
interface Emission<T> {
  readonly emit: (test: T, scope: Scope, by: SupportName) => Code;
  readonly inPlan: SupportName;
  /** `null`: no call can be asked anything. */
  readonly inSession: SupportName | null;
}

const EMISSIONS: { readonly [K in WholePlanTest['kind']]: Emission<Extract<WholePlanTest, { kind: K }>> } = {
  max_calls: { emit: emitMaxCalls, inPlan: 'maxCalls', inSession: 'onlineCalls' },
  max_total: { emit: emitMaxTotal, inPlan: 'maxTotal', inSession: 'onlineTotal' },
  require_before: { emit: emitRequireBefore, inPlan: 'requireBefore', inSession: 'onlineBefore' },
  require_after: { emit: emitRequireAfter, inPlan: 'requireAfter', inSession: 'onlineAfter' },
  flows: { emit: emitFlows, inPlan: 'flows', inSession: 'onlineFlows' },
  separate_duty: { emit: emitSeparateDuty, inPlan: 'separateDuty', inSession: 'onlineDuties' },
  on_fail: { emit: emitOnFail, inPlan: 'onFail', inSession: null },
};

// The table has tied each emission to its kind.
const emissionOf = ({ kind }: WholePlanTest): Emission<WholePlanTest> =>
  EMISSIONS[kind] as Emission<WholePlanTest>;

/** A rule about the whole plan as a call of the support code, which gives a `WholePlanRule`. */
export function emitWholePlan(test: WholePlanTest, scope: Scope): Code {
  const { emit, inPlan } = emissionOf(test);
  return withNarrowing(emit(test, scope, inPlan), test, scope, 'narrowed');
}

/** Of a rule that is narrowed messages say why it governs a step. */
function withNarrowing(rule: Code, test: WholePlanTest, scope: Scope, by: SupportName): Code {
  const narrowing = emitNarrowing(test, scope);
  return narrowing ? js`${scope.support(by)}(${rule},${narrowing},${emitTools(test.tools, scope)})` : rule;
}

/** The same rule as a session asks it; `null` for one of which no call can be asked anything. */
export function emitOnline(test: WholePlanTest, scope: Scope): Code | null {
  const { emit, inSession } = emissionOf(test);
  if (inSession === null) return null;
  const rule = withNarrowing(emit(test, scope, inSession), test, scope, 'onlineNarrowed');
  const window = 'within' in test ? test.within : null;
  if (window === null) return rule;
  return js`${scope.support('onlineWithin')}(${rule},${literal(window.milliseconds)},${literal(window.written)})`;
}
