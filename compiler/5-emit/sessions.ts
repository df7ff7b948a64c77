/** What a module carries that decides call by call. */
import type { CelTest, MoreStepsThan, PlanRule, ResultToken } from '../ir/program.ts';
import { readsPlan, sessionClass } from '../ir/session-class.ts';
import { comma, empty, join, js, literal } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { emitPlanTest } from './check.ts';
import { emitOnline, isWholePlan } from './plan-rules/index.ts';
import { emitTools } from './plan-rules/tools.ts';
import type { Scope } from './scope.ts';
import { emitToken } from './token.ts';
import type { RuleTable } from './table.ts';

/** The kinds of rows: see `engine/session/rows.ts`. */
const ROW = { asked: 0, condition: 1, obligation: 2, plan: 3, result: 4 } as const;

export interface EmittedSessions {
  /** Stands in front of the module's own object. */
  readonly setup: Code;
  /** The member of the module's object. */
  readonly member: Code;
  /** Of the tables: rules that are not simply asked at each call. */
  readonly classes: Code;
}

/** @param joined - the guards of the entries `e` as one */
export function emitSessions(table: RuleTable, scope: Scope, joined: Code): EmittedSessions {
  const rows = table.rules.flatMap((rule, i) => {
    if (rule.scope === 'result') return [emitResult(rule.condition, i, scope)];
    return rule.scope === 'plan' ? [emitRow(rule, i, scope)] : [];
  });
  const keepsTrace = table.rules.some(readsPlan);
  const classes = table.rules.flatMap((rule, i) => {
    const own = sessionClass(rule);
    return own === 'online' ? [] : [{ rule: i, class: own }];
  });
  const looks = table.rules.some(({ scope: of }) => of === 'result');
  const look = looks ? js`,look:${scope.support('lookAt')}` : empty;
  const sessions = scope.support('sessions');
  return {
    setup: js`const online=()=>({rows:[${join(rows, comma)}],keepsTrace:${literal(keepsTrace)}${look}});`,
    member: js`,session:(i,l)=>{const t=tables(),e=i.map(j=>t.entries[j]);return ${sessions}(t,e,${joined},l,online())}`,
    classes: js`,classes:${literal(classes)}`,
  };
}

function emitRow(rule: PlanRule, at: number, scope: Scope): Code {
  const { condition } = rule;
  const index = literal(at);
  if (isWholePlan(condition)) {
    const online = emitOnline(condition, scope);
    return online ? js`[${index},${literal(ROW.asked)},${online}]` : js`[${index},${literal(ROW.plan)}]`;
  }
  if (condition.kind === 'more-steps-than') return emitSteps(condition, index, scope);
  return emitConditionRow(condition, index, sessionClass(rule) === 'obligation', scope);
}

/** As `ResultRow` of the engine. */
function emitResult({ glob, pattern, action, isOfLine }: ResultToken, at: number, scope: Scope): Code {
  const test = emitToken(pattern, scope);
  const parts = [literal(at), literal(ROW.result), emitTools([glob], scope), test];
  return js`[${join([...parts, literal(isOfLine), literal(action === 'block')], comma)}]`;
}

function emitSteps({ limit }: MoreStepsThan, index: Code, scope: Scope): Code {
  return js`[${index},${literal(ROW.asked)},${scope.support('onlineSteps')}(${literal(limit)}),1]`;
}

function emitConditionRow(condition: CelTest, index: Code, isOwed: boolean, scope: Scope): Code {
  const test = scope.constant('q', js`Q=>${emitPlanTest(condition, scope)}`);
  return js`[${index},${literal(isOwed ? ROW.obligation : ROW.condition)},${test}]`;
}
