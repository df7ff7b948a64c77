import type { OptimizedLayer } from '../ir/optimized.ts';
import type { CelTest, MoreStepsThan, PlanRule } from '../ir/program.ts';
import { comma, empty, join, js, literal, marked, name } from '../code/code.ts';
import type { Code } from '../code/code.ts';
import { emitCelTest } from './condition.ts';
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
    const hit = js`n=${scope.support('hit')}(o,n,${index},-1)`;
    const asks = isWholePlan(condition)
      ? js`n=rule(${index}).c(f,o,n,${index})`
      : js`if(${emitPlanTest(condition, scope)})${hit}`;
    return marked(blamed(asks, hit), at);
  });
  const looksAtAll = plan.some(({ condition }) => isWholePlan(condition));
  const facts = looksAtAll ? js`const f=${scope.support('facts')}(p,x,d);` : empty;
  const ofPlan = plan.length > 0 ? js`if(!e){${facts}${join(rules, empty)}}` : empty;
  return js`(p,x,w,o,c,m,e,d)=>{${emitBody(ofPlan, scope)}}`;
}

/**
 * The same for modules of many entries: a function that makes the check out of the entry's rules about the plan, pairs
 * (rule, test of its steps); a rule about the whole plan has no test, it asks itself.
 */
export function emitCheckMaker(table: RuleTable, scope: Scope): Code {
  const hit = js`n=${scope.support('hit')}(o,n,r,-1)`;
  const looksAtAll = table.rules.some(({ condition }) => isWholePlan(condition));
  const rules = looksAtAll
    ? js`const f=b?${scope.support('facts')}(p,x,d):0;for(const[r,t]of a)${blamed(js`if(!t)n=rule(r).c(f,o,n,r);else if(t(s))${hit}`, hit)}`
    : js`for(const[r,t]of a)${blamed(js`if(t(s))${hit}`, hit)}`;
  const made = js`(p,x,w,o,c,m,e,d)=>{${emitBody(js`if(!e){${rules}}`, scope)}}`;
  return looksAtAll ? js`a=>{const b=a.some(q=>!q[1]);return ${made}}` : js`a=>${made}`;
}

/** What such a function is called with. */
export function emitPlanRules(layer: OptimizedLayer, table: RuleTable, scope: Scope): Code {
  const pairs = planRulesOf(layer).map((rule) => {
    const at = table.indexOf(rule);
    const index = literal(at);
    const { condition } = rule;
    if (isWholePlan(condition)) return marked(js`[${index}]`, at);
    return marked(js`[${index},${scope.constant('q', js`s=>${emitPlanTest(condition, scope)}`)}]`, at);
  });
  return js`[${join(pairs, comma)}]`;
}

function emitBody(planRules: Code, scope: Scope): Code {
  const [asked, hit] = [scope.support('asked'), scope.support('hit')];
  const plan = scope.asksSubject ? js`P=p;X=x;W=w;` : empty;
  const step = scope.asksSubject ? js`S=q;` : empty;
  const args = js`q.args===void 0?q.parameters:q.args`;
  return js`let n=0;const s=p.steps;${plan}${planRules}for(let j=0;j<m;j+=2){const r=c[j],i=c[j+1],q=s[i];${step}if(${asked}(rule(r),${args},q.tool))n=${hit}(o,n,r,i)}return n`;
}

/** An error inside a rule is a violation of that rule, and of no other. */
const blamed = (asks: Code, hit: Code): Code => js`try{${asks}}catch{${hit}}`;

/** Whether the rule fires, as an expression over the plan's steps `s`. */
function emitPlanTest(condition: CelTest | MoreStepsThan, scope: Scope): Code {
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
