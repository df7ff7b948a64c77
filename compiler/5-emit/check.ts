import type { OptimizedLayer } from '../ir/optimized.ts';
import type { PlanRule, WholePlanTest } from '../ir/program.ts';
import { comma, empty, join, js, literal, name } from './code.ts';
import type { Code } from './code.ts';
import { emitCelTest } from './condition.ts';
import { isWholePlan } from './plan-rules/index.ts';
import type { Scope } from './scope.ts';
import type { RuleTable } from './table.ts';

/**
 * The check of one entry: asks the rules that the runtime's walk found worth asking (see `guard.ts`), and those of
 * the plan as a whole. `rule` gives a rule as `asked` takes it. This is cold code: it runs for steps
 * that are likely to violate, so it is as small as can be instead of as fast.
 */
export function emitCheck(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const rules = planRulesOf(layer);
  const asked = rules.map((rule) => {
    const { condition } = rule;
    const index = literal(table.indexOf(rule));
    if (isWholePlan(condition)) return js`n=rule(${index}).c(f,o,n,${index});`;
    return js`if(${emitPlanTest(condition, scope)})n=${scope.support('hit')}(o,n,${index},-1);`;
  });
  const looksAtAll = rules.some(({ condition }) => isWholePlan(condition));
  const facts = looksAtAll ? js`const f=${scope.support('facts')}(p,x);` : empty;
  return js`(p,x,w,o,c,m)=>{${emitBody(js`${facts}${join(asked, empty)}`, scope)}}`;
}

/** The same for modules of many entries: a function that makes the check out of pairs (rule, test of the plan or 0). */
export function emitCheckMaker(table: RuleTable, scope: Scope): Code {
  const hit = js`if(t(s))n=${scope.support('hit')}(o,n,r,-1);`;
  const looksAtAll = table.rules.some(({ condition }) => isWholePlan(condition));
  const rules = looksAtAll
    ? js`let f=0;for(const[r,t]of a)if(t){${hit}}else{f=f||${scope.support('facts')}(p,x);n=rule(r).c(f,o,n,r)}`
    : js`for(const[r,t]of a)${hit}`;
  return js`a=>(p,x,w,o,c,m)=>{${emitBody(rules, scope)}}`;
}

/** What such a function is called with. */
export function emitPlanRules(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const pairs = planRulesOf(layer).map((rule) => {
    const { condition } = rule;
    const test = isWholePlan(condition)
      ? literal(0)
      : scope.constant('q', js`s=>${emitPlanTest(condition, scope)}`);
    return js`[${literal(table.indexOf(rule))},${test}]`;
  });
  return js`[${join(pairs, comma)}]`;
}

function emitBody(planRules: Code, scope: Scope): Code {
  const [asked, hit] = [scope.support('asked'), scope.support('hit')];
  const plan = scope.asksSubject ? js`P=p;X=x;W=w;` : empty;
  const step = scope.asksSubject ? js`S=q;` : empty;
  const args = js`q.args===undefined?q.parameters:q.args`;
  return js`let n=0;const s=p.steps;${plan}${planRules}for(let j=0;j<m;j+=2){const r=c[j],i=c[j+1],q=s[i];${step}if(${asked}(rule(r),${args},q.tool))n=${hit}(o,n,r,i)}return n`;
}

/** Whether the rule fires, as an expression over the plan's steps `s`. */
function emitPlanTest(condition: Exclude<PlanRule['condition'], WholePlanTest>, scope: Scope): Code {
  return condition.kind === 'cel'
    ? js`${emitCelTest(condition, scope)}!==false`
    : js`${name('s')}.length>${literal(condition.limit)}`;
}

const memo = new WeakMap<OptimizedLayer, readonly PlanRule[]>();

/** Worked out once a layer: there are few of them, and rules in their thousands below. */
function planRulesOf(layer: OptimizedLayer): readonly PlanRule[] {
  const known = memo.get(layer);
  if (known) return known;
  const own = layer.added.filter((rule) => rule.scope === 'plan');
  const inherited = layer.base ? planRulesOf(layer.base).filter((rule) => !layer.dropped.has(rule)) : [];
  const rules = [...inherited, ...own];
  memo.set(layer, rules);
  return rules;
}
