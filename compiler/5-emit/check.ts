import type { OptimizedLayer } from '../ir/optimized.ts';
import type {
  CelTest,
  MoreStepsThan,
  NamePath,
  PlanRule,
  ProgramRule,
  StepRule,
  WholePlanTest,
} from '../ir/program.ts';
import { comma, empty, join, js, literal, marked, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { emitCelTest } from './condition.ts';
import { emitGlobs } from './globs.ts';
import { isWholePlan } from './plan-rules/index.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';

/**
 * The check of one entry: asks the rules that the walk over the plan found worth asking (see `guard.ts`), and those of
 * the plan as a whole where that has been walked to its end. `rule` gives a rule as `asked` takes it. This is cold code: it runs for steps
 * that are likely to violate, so it is as small as can be instead of as fast.
 */
export function emitCheck(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const plan = planRulesOf(layer);
  const rules = plan.map((rule) => {
    const at = table.indexOf(rule);
    const index = literal(at);
    const { condition } = rule;
    if (isWholePlan(condition))
      return marked(js`${scope.support('askPlan')}(Q,${index}${emitEnds(condition, layer, scope)});`, at);
    return marked(
      blamed(js`if(${emitPlanTest(condition, scope)})`, js`${scope.support('hit')}(Q,${index},-1)`),
      at,
    );
  });
  const ofPlan = plan.length > 0 ? js`if(Q.asksPlan){${join(rules, empty)}}` : empty;
  return js`Q=>{${ofPlan}${emitOfSteps(scope)}}`;
}

/**
 * The same for modules of many entries: a function that makes the check out of the entry's rules about the plan, pairs
 * (rule, test of its steps); a rule about the whole plan has no test, it asks itself.
 */
export function emitCheckMaker(table: RuleTable, scope: Scope): Code {
  const looksAtAll = table.rules.some(({ condition }) => isWholePlan(condition));
  const test = blamed(js`if(t(Q))`, js`${scope.support('hit')}(Q,r,-1)`);
  const rules = looksAtAll
    ? js`for(const[r,t,u]of a)if(!t)${scope.support('askPlan')}(Q,r,u);else ${test}`
    : js`for(const[r,t]of a)${test}`;
  return js`a=>Q=>{if(Q.asksPlan){${rules}}${emitOfSteps(scope)}}`;
}

/** What such a function is called with. */
export function emitPlanRules(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const pairs = planRulesOf(layer).map((rule) => {
    const at = table.indexOf(rule);
    const index = literal(at);
    const { condition } = rule;
    if (isWholePlan(condition)) return marked(js`[${index}${emitEnds(condition, layer, scope, js`,0`)}]`, at);
    return marked(js`[${index},${scope.constant('q', js`Q=>${emitPlanTest(condition, scope)}`)}]`, at);
  });
  return js`[${join(pairs, comma)}]`;
}

/** What bounds the amounts of a `max_total` in this entry, as a further argument: a function of the tool. */
function emitEnds(condition: WholePlanTest, layer: OptimizedLayer, scope: Scope, before: Code = empty): Code {
  if (condition.kind !== 'max_total') return empty;
  const { amounts } = condition;
  const ends = boundsOf(layer).flatMap(({ tools, bound }) => {
    const { path = [], max = null } = bound ?? {};
    const isThis = (own: NamePath): boolean =>
      path.length === own.length && own.every((part, i) => part === path[i]);
    if (!tools || max === null) return [];
    return amounts
      .filter((one) => isThis(one.path))
      .map((one) => {
        const ofBound = emitGlobs(tools, scope);
        // Where there is one argument only, no other tool is asked.
        const both = amounts.length > 1 ? js`(${ofBound}&&${emitGlobs(one.tools, scope)})` : ofBound;
        return js`${both}?${literal(max)}:1/0`;
      });
  });
  if (ends.length === 0) return empty;
  const least = js`${name('k')}=>${scope.support('least')}([${join(ends, comma)}])`;
  return js`${before},${scope.constant('e', least)}`;
}

const bounds = new WeakMap<OptimizedLayer, readonly StepRule[]>();

/** Worked out once a layer, as the rules about the plan are. */
function boundsOf(layer: OptimizedLayer): readonly StepRule[] {
  const known = bounds.get(layer);
  if (known) return known;
  const isBound = (rule: ProgramRule): rule is StepRule => rule.scope === 'step' && rule.bound !== undefined;
  const inherited = layer.base ? boundsOf(layer.base).filter((rule) => !layer.dropped.has(rule)) : [];
  const found = [...inherited, ...layer.added.filter(isBound)];
  bounds.set(layer, found);
  return found;
}

/** Asks the rules of the candidates, each of its step. */
function emitOfSteps(scope: Scope): Code {
  return js`${scope.support('askSteps')}(Q)`;
}

/** An error inside a rule is a violation of that rule, and of no other. */
const blamed = (test: Code, hit: Code): Code => js`try{${test}${hit}}catch{${hit}}`;

/** Whether the rule fires, as an expression over the question `Q`. */
export function emitPlanTest(condition: CelTest | MoreStepsThan, scope: Scope): Code {
  return condition.kind === 'cel'
    ? js`${scope.support('decides')}(${emitCelTest(condition, scope)},Q)`
    : js`Q.plan.steps.length>${literal(condition.limit)}`;
}

const memo = new WeakMap<OptimizedLayer, readonly PlanRule[]>();

/** Worked out once a layer: there are few of them, and rules in their thousands below. */
export function planRulesOf(layer: OptimizedLayer): readonly PlanRule[] {
  const known = memo.get(layer);
  if (known) return known;
  const own = layer.added.filter((rule) => rule.scope === 'plan');
  const inherited = layer.base ? planRulesOf(layer.base).filter((rule) => !layer.dropped.has(rule)) : [];
  const rules = [...inherited, ...own];
  memo.set(layer, rules);
  return rules;
}
